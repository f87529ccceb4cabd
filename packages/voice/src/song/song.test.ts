import { pathTimes } from '@gansynth/models-gan/latents';
import { expectClose, readGolden, readGoldenBytes, readGoldenNpy } from '@gansynth/test-kit';
import { describe, expect, it } from 'vitest';
import { envelope } from './envelope.js';
import { fractionTimes, instrumentCount, noteLatents } from './instruments.js';
import { longestSong, spokenDuration } from './song-length.js';
import { createMixer } from './mixer.js';
import { readScore, type ScoreNote } from './read-score.js';

const npy = (path: string) => readGoldenNpy(`midi/${path}`);
const rows = ({ shape, data }: ReturnType<typeof npy>): number[][] => {
  const width = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(i * width, (i + 1) * width)]);
};

/** The waveform the reference used in place of a generated note (its README has the formula). */
function waveform(index: number, { pitch, start, end }: ScoreNote): Float32Array {
  const frequency = 440 * 2 ** ((pitch - 69) / 12);
  // As much of the reference's four seconds as the envelope lets through.
  const length = Math.ceil((Math.min(3, end - start) + 0.31) * 16_000);
  return Float32Array.from({ length }, (_, n) => {
    const t = n / 16_000;
    const angle = 2 * Math.PI * frequency * t;
    return 0.8 * Math.exp(-0.7 * t) * (Math.sin(angle) + 0.35 * Math.sin(2 * angle + 0.5 * (index % 4)));
  });
}

describe('a MIDI file against the original code', () => {
  describe.each(['piece', 'edge'])('%s', (name) => {
    const plan = readGolden<{ secs_per_instrument: number; n_instruments: number; mix_samples: number }>(
      `midi/${name}/plan.json`,
    );
    const { notes: all } = readScore(readGoldenBytes(`midi/${name}.mid`));
    const notes = all.filter(({ pitch }) => pitch >= 36 && pitch <= 84);

    it('lists the same notes in the same order', () => {
      const times = npy(`${name}/note_start_end.npy`);
      expectClose(
        notes.flatMap(({ start, end }) => [start, end]),
        times.data,
        { absolute: 1e-9 },
      );
      expect(notes.map(({ pitch, velocity }) => [pitch, velocity])).toEqual(rows(npy(`${name}/note_pitch_velocity.npy`)));
    });

    it('places the instruments and moves between them alike', () => {
      const times = npy(`${name}/t_instruments.npy`).data;
      expect(instrumentCount(notes, plan.secs_per_instrument)).toBe(plan.n_instruments);
      expectClose(pathTimes(plan.n_instruments, notes.at(-1)!.end), times, { absolute: 1e-9 });
      const latents = rows(npy(`${name}/z_instruments.npy`)).map((row) => Float32Array.from(row));
      const paper = { instruments: [], latentSize: latents[0]!.length };
      const found = noteLatents(notes, { latents, times: [...times] }, paper).filter((_, i) => i % 8 === 0);
      expectClose(
        found.flatMap((latent) => [...latent]),
        npy(`${name}/z_notes_every8.npy`).data,
        { absolute: 1e-5 }, // latents are single precision here, double there; up to 1.35 times a step is extrapolated
      );
    });

    it('mixes to the same samples', () => {
      const mixer = createMixer(notes, { sampleRate: 16_000 });
      for (const [i, note] of notes.entries()) mixer.add(note, waveform(i, note));
      const mix = mixer.finish();
      expect(mix.length).toBe(plan.mix_samples);
      const every97 = mix.filter((_, i) => i % 97 === 0);
      expectClose(every97, npy(`${name}/mix_every97.npy`).data, { absolute: 1e-6 });
      expectClose(mix.subarray(0, 64_000), npy(`${name}/mix_first_64000.npy`).data, { absolute: 1e-6 });
      expectClose(mix.subarray(-64_000), npy(`${name}/mix_last_64000.npy`).data, { absolute: 1e-6 });
    });
  });

  it('has the same envelopes', () => {
    for (const seconds of [0.004, 0.1]) {
      expectClose(envelope(seconds, { sampleRate: 16_000 }), npy(`envelope/envelope_${seconds}.npy`).data, { absolute: 1e-7 });
    }
  });
});

describe('instruments of your choice', () => {
  it('are reached at fractions of the song, the first before it begins', () => {
    expect(fractionTimes([0, 0.5, 0.9], 10)).toEqual([-0.01, 5, 10]);
    expect(() => fractionTimes([0.5, 0.1], 10)).toThrow(/ascending/);
    expect(() => fractionTimes([0, Number.NaN], 10)).toThrow(/ascending/);
    expect(() => fractionTimes([0, 5, 10], 10)).toThrow(/from 0 to 1/);
  });
});

describe('the mix', () => {
  const note: ScoreNote = { start: 0, end: 0.5, pitch: 60, velocity: 127 };

  it('never clips, also where the wave leans downwards', () => {
    const mixer = createMixer([note], { sampleRate: 1000 });
    mixer.add(
      note,
      Float32Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? 0.1 : -0.9)),
    );
    const mix = mixer.finish();
    expect(Math.min(...mix)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...mix)).toBeGreaterThan(0);
  });

  it('of a silent note is silence, not NaN', () => {
    const mixer = createMixer([note], { sampleRate: 1000 });
    mixer.add(note, new Float32Array(1000));
    expect(mixer.finish().every((value) => value === 0)).toBe(true);
  });
});

const mixOf = (end: number, atMost?: number) =>
  createMixer([{ end }], { sampleRate: 16_000, ...(atMost === undefined ? {} : { atMost }) });

describe('the length of a song', () => {
  it('is bounded before anything is allocated, and named', () => {
    expect(() => mixOf(39 * 3600)).toThrow('expected a song of at most 2 hours, found one that would last 1 day 15 hours');
    expect(() => mixOf(136 * 365.25 * 86_400)).toThrow(/would last 136 years/);
    expect(() => mixOf(longestSong + 1)).toThrow(/would last 2 hours/);
    expect(() => mixOf(90, 60)).toThrow(/at most 1 minute, found one that would last 1 minute 30 seconds/);
    expect(() => mixOf(Number.NaN)).toThrow(/found NaN/);
    expect(mixOf(60, 60).finish()).toHaveLength(63 * 16_000);
  });

  it('is said in two units', () => {
    expect([0.5, 59, 60, 3661, 86_400].map(spokenDuration)).toEqual([
      '0 seconds',
      '59 seconds',
      '1 minute',
      '1 hour 1 minute',
      '1 day',
    ]);
  });
});
