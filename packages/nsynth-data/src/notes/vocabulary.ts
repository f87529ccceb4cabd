/** Instrument families in NSynth's order: the position is `instrument_family`. */
export const families = [
  'bass',
  'brass',
  'flute',
  'guitar',
  'keyboard',
  'mallet',
  'organ',
  'reed',
  'string',
  'synth_lead',
  'vocal',
] as const;

/** How a sound was made, in NSynth's order: the position is `instrument_source`. */
export const sources = ['acoustic', 'electronic', 'synthetic'] as const;

/** What a note sounds like, in NSynth's order: the position is that of its 0 or 1 in `qualities`. */
export const qualities = [
  'bright',
  'dark',
  'distortion',
  'fast_decay',
  'long_release',
  'multiphonic',
  'nonlinear_env',
  'percussive',
  'reverb',
  'tempo-synced',
] as const;

/** A family of NSynth, or `unknown` (-1 in files) for a sound nobody assigned to one. */
export type Family = (typeof families)[number] | 'unknown';
export type Source = (typeof sources)[number];
export type Quality = (typeof qualities)[number];
