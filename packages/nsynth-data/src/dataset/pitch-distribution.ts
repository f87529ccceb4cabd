/** How often each pitch occurs: what the GAN draws the labels of its fakes from. */
export interface PitchDistribution {
  /** MIDI, ascending. The position of a pitch here is its label. */
  readonly pitches: readonly number[];
  /** Notes of each pitch. */
  readonly counts: readonly number[];
}

const paperCounts = [
  551, 545, 561, 550, 549, 578, 547, 628, 626, 630, 670, 668, 751, 768, 788, 801, 821, 871, 873, 860, 873, 844, 883, 865, 1058,
  1036, 1094, 1065, 1186, 1200, 1187, 1346, 1273, 1320, 1263, 1283, 1349, 1285, 1281, 1332, 1286, 1301, 1220, 1300, 1209, 1257,
  1288, 1223, 1258, 1183, 1178, 1125, 1171, 1089, 1024, 1081, 966, 1043, 991, 959, 977,
];

/** Counts of the 60,788 notes of GANSynth's published training split, MIDI 24 to 84. */
export const gansynthPitchDistribution: PitchDistribution = Object.freeze({
  pitches: Object.freeze(paperCounts.map((_, position) => 24 + position)),
  counts: Object.freeze(paperCounts),
});

/** Counts the pitches of some notes; pitches that do not occur are left out. */
export function pitchDistribution(pitches: Iterable<number>): PitchDistribution {
  const counts = new Uint32Array(128);
  for (const pitch of pitches) counts[pitch] = counts[pitch]! + 1;
  const present = [...counts.keys()].filter((pitch) => counts[pitch]! > 0);
  return { pitches: present, counts: present.map((pitch) => counts[pitch]!) };
}
