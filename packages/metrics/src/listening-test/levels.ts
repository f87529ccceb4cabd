import { ValueError } from '../errors.js';

/** A sound, as far as its level goes. */
export interface SoundLevel {
  /** LUFS, see `integratedLoudness`; -Infinity of silence. */
  readonly loudness: number;
  /** Largest magnitude of its samples. */
  readonly peak: number;
}

export interface MatchedLevels {
  /** LUFS to which all are brought that can be. */
  readonly target: number;
  /** What each sound is multiplied by; 1 of silence. */
  readonly gains: readonly number[];
  /** Positions of sounds that stay quieter, because their peaks leave no room; silence among them. */
  readonly quieter: readonly number[];
}

/** Largest magnitude that a matched sound may have. */
const CEILING = 0.89;
const [LOUDEST, QUIETEST] = [-23, -35];

/**
 * Gains that make sounds equally loud, so that listeners judge what they hear and not how loud it is. All come to -23 LUFS, or as much
 * below (to -35) as the sound with the highest peaks needs; none is brought beyond -1 dB of full scale.
 */
export function matchLevels(sounds: readonly SoundLevel[]): MatchedLevels {
  const roomOf = ({ loudness, peak }: SoundLevel): number => loudness + 20 * Math.log10(CEILING / peak);
  const audible = sounds.filter(({ loudness }) => loudness > Number.NEGATIVE_INFINITY);
  for (const { loudness, peak } of sounds) {
    if (Number.isNaN(loudness) || !(peak >= 0 && peak < Number.POSITIVE_INFINITY))
      throw new ValueError(`matchLevels: expected levels that are numbers, found ${loudness} LUFS, peak ${peak}.`, loudness);
  }
  const target = Math.min(LOUDEST, Math.max(QUIETEST, Math.min(...audible.map(roomOf), LOUDEST)));
  const quieter: number[] = [];
  const gains = sounds.map((sound, at) => {
    const { loudness, peak } = sound;
    if (loudness === Number.NEGATIVE_INFINITY) {
      quieter.push(at);
      return 1;
    }
    if (roomOf(sound) >= target - 1e-9) return 10 ** ((target - loudness) / 20);
    quieter.push(at);
    return CEILING / peak;
  });
  return { target, gains, quieter };
}
