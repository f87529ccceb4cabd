import { checkCount } from '../check.js';
import { OptionError } from '../errors.js';
import { mostImage } from '../geometry.js';
import type { SpectralJSON } from './spectral-options.js';

export interface WaveformPadding {
  readonly left: number;
  readonly right: number;
}

/** Zeros on both sides of the samples: 768 and 768 for 64,000 in 65,536; an odd one goes to the left. */
export function waveformPadding({ frames, bins, samples }: SpectralJSON): WaveformPadding {
  checkCount(frames, 'representation: waveform', 'frames', 1, mostImage.samples);
  if (bins !== 1) throw new OptionError(`representation: waveform: expected bins 1 or none, found ${bins}.`, 'bins', bins);
  if (frames < samples) {
    const message = `representation: waveform: expected frames of at least samples = ${samples}, found ${frames}. Leave frames out for the next power of two.`;
    throw new OptionError(message, 'frames', frames);
  }
  const right = Math.floor((frames - samples) / 2);
  return { left: frames - samples - right, right };
}
