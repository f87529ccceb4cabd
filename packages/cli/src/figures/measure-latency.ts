import type { Voice } from '@gansynth/voice';

/**
 * How long one note takes, from its latent to its samples: the median of a few, after one that is not counted (it compiles).
 *
 * @param repeats notes that are counted
 * @returns milliseconds
 */
export async function measureLatency(voice: Voice, repeats: number, signal?: AbortSignal): Promise<number> {
  const pitch = voice.pitches[Math.floor(voice.pitches.length / 2)]!;
  const times: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const began = performance.now();
    await voice.notes([pitch], { seed: i, signal });
    if (i > 0) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)]!;
}
