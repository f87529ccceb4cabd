const peakOf = (samples: Float32Array): number => samples.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);

/** A note begins where it rises above this much of its recording's peak: -50 dB. */
const quiet = 10 ** (-50 / 20);

/**
 * A recording as a note to compare with a model's: from where it begins, as long as the model's, at a peak of 0.95. The peak is that of the
 * part that is kept: what comes louder afterwards is not heard.
 *
 * @param samples full scale 1
 * @param length of the note, in samples; a shorter recording is followed by silence
 * @param trim whether silence before the note goes
 * @returns the note, silence for silence; and how many samples of it are recorded
 */
export function prepareRecording(
  samples: Float32Array,
  length: number,
  trim: boolean,
): { readonly note: Float32Array; readonly recorded: number } {
  const threshold = quiet * peakOf(samples);
  const onset = trim
    ? Math.max(
        0,
        samples.findIndex((value) => Math.abs(value) > threshold),
      )
    : 0;
  const note = new Float32Array(length);
  const kept = samples.subarray(onset, onset + length);
  note.set(kept);
  const peak = peakOf(note);
  return { note: peak > 0 ? note.map((value) => (0.95 * value) / peak) : note, recorded: kept.length };
}
