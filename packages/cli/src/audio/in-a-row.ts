/**
 * The beginnings of notes, one after the other.
 *
 * @param samples of each; the last 20th of it fades, so that nothing clicks
 */
export function inARow(notes: readonly Float32Array[], samples: number): Float32Array {
  const all = new Float32Array(samples * notes.length);
  for (const [i, note] of notes.entries()) all.set(faded(note.subarray(0, samples)), i * samples);
  return all;
}

function faded(audio: Float32Array): Float32Array {
  const from = Math.floor(audio.length * 0.95);
  return audio.map((value, i) => (i < from ? value : (value * (audio.length - i)) / (audio.length - from)));
}
