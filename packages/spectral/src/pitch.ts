/** Frequency of a MIDI pitch in Hz, equal temperament with A4 = 69 = 440 Hz; fractions are cents. */
export const midiToFrequency = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** MIDI pitch of a frequency in Hz, with a fractional part; the inverse of {@link midiToFrequency}. */
export const frequencyToMidi = (frequency: number): number => 69 + 12 * Math.log2(frequency / 440);
