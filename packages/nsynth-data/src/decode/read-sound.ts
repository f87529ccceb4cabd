import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { BadFileError } from '../errors.js';
import { decodeSound, largestFile } from './decode-sound.js';
import { resample } from './resample.js';
import { mixToMono } from '../import/shape-audio.js';
import { Mismatch } from '../notes/labels.js';
import { readWhole } from '../files/plain-file.js';

export interface ReadSoundOptions {
  /** Hz to resample to. Default: as in the file. */
  readonly sampleRate?: number;
}

/** Their names, each once. */
export const readSoundOptionNames: OptionNames<ReadSoundOptions> = { sampleRate: true };

export interface Sound {
  /** Mono, the mean of the file's channels, or the loudest of them where they would cancel; full scale at -1 and 1. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
}

/**
 * Reads a sound file: WAV, AIFF, FLAC, MP3, Ogg (Vorbis, Opus or FLAC), told apart by content.
 *
 * @throws BadFileError for another kind of file, a damaged one, or none
 */
export async function readSound(path: string, options: ReadSoundOptions = {}): Promise<Sound> {
  checkOptions('readSound', options, readSoundOptionNames);
  const { sampleRate } = options;
  try {
    const sound = await decodeSound(await readWhole(path, { limit: largestFile }));
    const { audio: mono } = mixToMono(sound.channels);
    if (sampleRate === undefined) return { samples: mono, sampleRate: sound.sampleRate };
    return { samples: resample(mono, sound.sampleRate, sampleRate), sampleRate };
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const cure = 'Convert it: ffmpeg -i <sound> sound.wav';
    throw new BadFileError({ file: path, reason: `${error.message}. ${cure}` }, { cause: error });
  }
}
