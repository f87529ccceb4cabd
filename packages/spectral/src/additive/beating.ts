import { randomStream } from '@gansynth/common/random';

/** More than the pitches of most collections; each is twenty kilobytes. */
const MOST_PITCHES = 128;

/** Noise without what is slow, of mean square 1, for each bin: [pitches, late, bins], the same for everyone; every pitch has its own. */
export function beating(bins: number, late: number, slow: Float32Array): (pitches: readonly number[]) => Float32Array {
  const made = new Map<number, Float32Array>();
  const ofPitch = (pitch: number): Float32Array => {
    const cents = Math.round(100 * pitch);
    const known = made.get(cents);
    if (known !== undefined) return known;
    const noise = randomStream(cents, 'beating').normalValues(late * bins);
    const fast = new Float32Array(late * bins);
    for (let bin = 0; bin < bins; bin++) {
      let squares = 0;
      for (let t = 0; t < late; t++) {
        let value = noise[t * bins + bin]!;
        for (let other = 0; other < late; other++) value -= slow[t * late + other]! * noise[other * bins + bin]!;
        fast[t * bins + bin] = value;
        squares += value * value;
      }
      const scale = Math.sqrt(late / squares);
      for (let t = 0; t < late; t++) fast[t * bins + bin]! *= scale;
    }
    if (made.size >= MOST_PITCHES) made.delete(made.keys().next().value ?? cents);
    made.set(cents, fast);
    return fast;
  };
  return (pitches) => {
    const all = new Float32Array(pitches.length * late * bins);
    for (const [item, pitch] of pitches.entries()) all.set(ofPitch(pitch), item * late * bins);
    return all;
  };
}
