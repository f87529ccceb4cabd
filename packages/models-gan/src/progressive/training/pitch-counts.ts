/**
 * How many notes of each pitch, MIDI 24 ... 84, the GANSynth subset's training split holds (60,788 in all): what the original draws the
 * pitches of generated images from.
 *
 * @see `datasets.py` of the original; TensorFlow Datasets, `nsynth/gansynth_subset`
 */
export const nsynthPitchCounts: readonly number[] = [
  551, 545, 561, 550, 549, 578, 547, 628, 626, 630, 670, 668, 751, 768, 788, 801, 821, 871, 873, 860, 873, 844, 883, 865, 1058,
  1036, 1094, 1065, 1186, 1200, 1187, 1346, 1273, 1320, 1263, 1283, 1349, 1285, 1281, 1332, 1286, 1301, 1220, 1300, 1209, 1257,
  1288, 1223, 1258, 1183, 1178, 1125, 1171, 1089, 1024, 1081, 966, 1043, 991, 959, 977,
];
