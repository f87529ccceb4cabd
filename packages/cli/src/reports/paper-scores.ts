/** Comparisons that each model took part in, in the paper's listening test. */
export const paperComparisons = 800;

/** One row of the paper's table 1 or table 2. */
export interface PaperScore {
  readonly model: string;
  /** The recipe that repeats it, if there is one. */
  readonly recipe?: string;
  readonly ndb: number;
  readonly fid: number;
  readonly inceptionScore: number;
  /** Percent. */
  readonly pitchAccuracy: number;
  readonly pitchEntropy: number;
  /** Comparisons won in the listening test (table 1, figure 2), of {@link paperComparisons}; none of what was not listened to. */
  readonly wins?: number;
}

const row = (
  model: string,
  recipe: string | undefined,
  ndb: number,
  fid: number,
  is: number,
  pa: number,
  pe: number,
  wins?: number,
): PaperScore => ({
  model,
  ...(recipe === undefined ? {} : { recipe }),
  ndb,
  fid,
  inceptionScore: is,
  pitchAccuracy: pa,
  pitchEntropy: pe,
  ...(wins === undefined ? {} : { wins }),
});

/**
 * Published scores (Engel et al. 2019, table 1 and appendix table 2): k = 50 bins, another classifier, other notes. They say what to expect
 * of a full training, not what to compare a number with.
 */
export const paperScores: readonly PaperScore[] = [
  row('real data', undefined, 2.2, 13, 47.1, 98.2, 0.22, 549),
  row('IF-Mel + H', 'paper/if-mel-h', 29.3, 167, 38.1, 97.9, 0.4, 485),
  row('IF + H', 'paper/if-h', 36, 104, 41.6, 98.3, 0.32, 308),
  row('Phase + H', 'paper/phase-h', 37.6, 592, 36.2, 97.6, 0.44, 225),
  row('IF-Mel', 'paper/if-mel', 37, 600, 29.6, 94.1, 0.63, 479),
  row('IF', 'paper/if', 37, 708, 36.3, 96.8, 0.44, 283),
  row('Phase', 'paper/phase', 41.4, 687, 24.4, 94.4, 0.77, 203),
  row('WaveNet 8-bit', 'paper/wavenet-8bit', 45.9, 320, 29.1, 92.7, 0.7, 359),
  row('WaveNet 16-bit', 'paper/wavenet-16bit', 44.8, 656, 9.5, 64.6, 1.71),
  row('WaveGAN', 'paper/wavegan', 43, 461, 13.7, 82.7, 1.4, 216),
  row('waveform GAN', 'paper/waveform-gan', 48.2, 447, 14.8, 96.3, 1.61),
  row('waveform GAN, progressive', 'paper/waveform-gan-progressive', 45, 375, 2.5, 56.7, 3.59),
];
