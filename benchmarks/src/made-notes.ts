import { families, type NSynthMetadata, sources } from '@gansynth/nsynth-data';

/** Notes of 4 s at 16 kHz that differ in pitch and timbre and compress about as real ones do: harmonics, a decay, and some noise. */
export function* madeNotes(count: number): Generator<{ audio: Float32Array; metadata: NSynthMetadata }> {
  const samples = 64_000;
  let state = 1;
  const noise = Float32Array.from(
    { length: 2 * samples },
    () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31,
  );
  for (let number = 0; number < count; number++) {
    const pitch = 24 + (number % 61);
    const [family, source] = [number % families.length, number % sources.length];
    const instrument = Math.floor(number / 61);
    const names = [families[family] as string, sources[source] as string];
    const instrument_str = `${names.join('_')}_${String(instrument).padStart(4, '0')}`;
    const frequency = 440 * 2 ** ((pitch - 69) / 12);
    const from = (number * 7919) % samples;
    const audio = Float32Array.from({ length: samples }, (_, index) => {
      const phase = (2 * Math.PI * frequency * index) / 16000;
      const tone = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(3 * phase);
      return Math.round((0.4 * tone + 0.01 * noise[from + index]!) * Math.exp(-index / 32000) * 32767) / 32768;
    });
    const metadata: NSynthMetadata = {
      note: number,
      note_str: `${instrument_str}-${String(pitch).padStart(3, '0')}-100`,
      instrument,
      instrument_str,
      pitch,
      velocity: 100,
      sample_rate: 16000,
      qualities: Array.from({ length: 10 }, () => 0),
      qualities_str: [],
      instrument_family: family,
      instrument_family_str: families[family] as NSynthMetadata['instrument_family_str'],
      instrument_source: source,
      instrument_source_str: sources[source]!,
    };
    yield { audio, metadata };
  }
}
