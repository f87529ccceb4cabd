import type { Voice } from '@gansynth/voice';

export interface LatencyOptions {
  readonly signal?: AbortSignal | undefined;
  /** A first note that takes longer, in milliseconds, counts and is the only one. Default: none does. */
  readonly patience?: number;
}

/**
 * How long one note takes, from its latent to its samples: the median of a few, after one that is not counted (it compiles).
 *
 * @param repeats notes that are counted
 * @returns milliseconds
 */
export async function measureLatency(
  voice: Voice,
  repeats: number,
  { signal, patience = Number.POSITIVE_INFINITY }: LatencyOptions = {},
): Promise<number> {
  const pitch = voice.pitches[Math.floor(voice.pitches.length / 2)]!;
  const noteTime = async (seed: number): Promise<number> => {
    const began = performance.now();
    await voice.notes([pitch], { seed, signal });
    return performance.now() - began;
  };
  const first = await noteTime(0);
  if (first > patience) return first;
  const times: number[] = [];
  for (let i = 1; i <= repeats; i++) times.push(await noteTime(i));
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)]!;
}
