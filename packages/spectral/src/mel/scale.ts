import { OptionError } from '../errors.js';

/** `htk`: 2595 log10(1 + f / 700). `slaney`: linear to 1000 Hz (200 / 3 Hz a mel), logarithmic above (27 mels for a factor of 6.4). */
export type MelScale = 'htk' | 'slaney';

const SLANEY_STEP = 200 / 3;
const SLANEY_BREAK = 1000 / SLANEY_STEP;
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

const scales: Readonly<Record<MelScale, { fromHertz: (hertz: number) => number; toHertz: (mel: number) => number }>> = {
  htk: {
    fromHertz: (hertz) => 2595 * Math.log10(1 + hertz / 700),
    toHertz: (mel) => 700 * (10 ** (mel / 2595) - 1),
  },
  slaney: {
    fromHertz: (hertz) => (hertz < 1000 ? hertz / SLANEY_STEP : SLANEY_BREAK + Math.log(hertz / 1000) / SLANEY_LOG_STEP),
    toHertz: (mel) => (mel < SLANEY_BREAK ? mel * SLANEY_STEP : 1000 * Math.exp((mel - SLANEY_BREAK) * SLANEY_LOG_STEP)),
  },
};

function lookup(scale: MelScale): (typeof scales)[MelScale] {
  if (!Object.hasOwn(scales, scale)) {
    throw new OptionError(`mel: expected scale to be htk or slaney, found ${String(scale)}.`, 'scale', scale);
  }
  return scales[scale];
}

/** Hz to mel. */
export const hertzToMel = (hertz: number, scale: MelScale = 'htk'): number => lookup(scale).fromHertz(hertz);

/** Mel to Hz. */
export const melToHertz = (mel: number, scale: MelScale = 'htk'): number => lookup(scale).toHertz(mel);
