import { expect } from 'vitest';
import type { Row } from '../row.js';
import { encodeWavChannels, peakOf, put, tone } from '../sounds.js';

export const row: Row = {
  about: 'channels in opposite phase do not cancel without a word',
  make(folder) {
    const audio = tone(57);
    put(folder, 'anti.wav', encodeWavChannels([audio, audio.map((value) => -value)], 16_000));
    put(folder, 'nearly_anti.wav', encodeWavChannels([audio, audio.map((value) => -0.97 * value)], 16_000));
  },
  async check(bench) {
    const { file, notes } = await bench.import(bench.inputs, '--no-peak');
    for (const name of ['anti.wav', 'nearly_anti.wav'].filter((one) => file(one).status === 'imported')) {
      expect(file(name)).toMatchObject({ pitch: 57 });
      expect(file(name).done?.join()).toMatch(/opposite/);
    }
    for (const { audio } of await notes()) expect(peakOf(audio.data)).toBeGreaterThan(0.5);
    expect(file('nearly_anti.wav').status).toBe('imported');
  },
};
