import { readFileSync } from 'node:fs';
import { memoryFiles } from '@gansynth/model-files';
import { describeOnBackends, expectClose, expectNoLeak } from '@gansynth/test-kit';
import * as tf from '@tensorflow/tfjs-core';
import { slerp } from '@gansynth/models-gan/latents';
import { latentBetween } from './latent-between.js';
import { expect, it } from 'vitest';
import { openVoice } from './node.js';
import { paperLengthWaveNet, tinyGan, tinyWaveGan, tinyWaveNet } from './test-support/tiny-models.js';
import type { Note, Voice } from './voice.js';

/** Opens a small model, uses it and frees it; nothing may be left. */
async function withVoice(
  use: (voice: Voice) => Promise<void>,
  make: () => Promise<Record<string, Uint8Array>> = tinyGan,
): Promise<void> {
  const files = await make();
  await expectNoLeak(async () => {
    const voice = await openVoice(memoryFiles(files));
    try {
      await use(voice);
    } finally {
      voice.dispose();
    }
  });
}

const peakOf = (note: Note): number => note.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);

describeOnBackends('a voice', () => {
  it('says what it plays', () =>
    withVoice(async (voice) => {
      expect(voice).toMatchObject({ name: 'tiny', pitches: [60, 62, 64], instruments: ['flute', 'brass horn'], latentSize: 6 });
      expect(voice).toMatchObject({ sampleRate: 8000, samples: 100, pitchCounts: [1, 1, 1] });
    }));

  it('plays notes of an instrument, a seed or a latent, all at once or one by one', () =>
    withVoice(async (voice) => {
      const flutes = await voice.notes(['C4', 62], { timbre: 'flute' });
      expect(flutes.map((note) => note.length)).toEqual([100, 100]);
      expect(flutes[0]).not.toEqual(flutes[1]);
      expect(await voice.notes(['C4', 62], { seed: 0, instrument: 'flute' })).toEqual(flutes);
      expect(await voice.notes([60, 62], { latent: voice.latent('flute') })).toEqual(flutes);
      expect(await voice.notes([60, 62], { latent: [voice.latent('flute'), voice.latent(0, 'flute')] })).toEqual(flutes);
      expect(await voice.notes(60, { timbre: 'horn' })).not.toEqual(flutes.slice(0, 1));
      expect(await voice.notes(60, { timbre: 'flute:3' })).toEqual(await voice.notes(60, { seed: 3, instrument: 'flute' }));
      expect(await voice.notes(60)).toEqual(await voice.notes('C4', { seed: 0 }));
      const streamed: Note[] = [];
      for await (const note of voice.notes([60, 62], { timbre: 'flute', batchSize: 1 })) streamed.push(note);
      expect(streamed).toEqual(flutes);
    }));

  it('plays notes as hard as they are struck, if the model has learned it', () =>
    withVoice(
      async (voice) => {
        expect(voice.velocities).toEqual([30, 90]);
        const latent = voice.latent('flute');
        const [soft, loud] = (await voice.notes([60, 60], { latent, velocity: [30, 90] })) as [Note, Note];
        expect(soft).not.toEqual(loud);
        expect(await voice.notes(60, { latent, velocity: 20 })).toEqual([soft]);
        expect(await voice.notes([60, 60], { latent, velocity: [undefined, 90] })).toEqual([
          ...(await voice.notes(60, { latent })),
          loud,
        ]);
        expect(await voice.notes(60, { timbre: 'flute', velocity: 90 })).toEqual([loud]);
        expect(await voice.notes(60, { latent: voice.model.dynamics!.latentWithVelocity(latent, 90) })).toEqual([loud]);
        expect(() => voice.notes([60, 62], { velocity: [30] })).toThrow(
          /expected one velocity, or 2, one for each pitch, found 1/,
        );
        expect(() => voice.notes(60, { velocity: 128 })).toThrow(/a MIDI velocity of 0 to 127, found 128/);
      },
      () => tinyGan({}, { velocities: [30, 90] }),
    ));

  it('that knows nothing of velocities says so', () =>
    withVoice(async (voice) => {
      expect(voice.velocities).toEqual([]);
      expect(() => voice.notes(60, { velocity: 90 })).toThrow(
        /notes: velocity: expected a model that has learned notes of several velocities/,
      );
    }));

  it('plays no note beyond full scale, and lowers none that is within it', () =>
    withVoice(
      async (voice) => {
        const latents = voice.draw(8, 1);
        const pitches = latents.map(() => 60);
        const notes = await voice.notes(pitches, { latent: latents });
        const raw = await voice.model.generate(
          latents,
          pitches.map(() => 0),
        );
        const decoded = tf.tidy(() => voice.representation.decode(raw as tf.Tensor4D, pitches));
        const natural = await decoded.array();
        tf.dispose([raw, decoded]);
        const peaks = natural.map((row) => Math.max(...row.map(Math.abs)));
        expect(Math.max(...peaks)).toBeGreaterThan(1);
        expect(Math.min(...peaks)).toBeLessThan(1);
        for (const [i, note] of notes.entries()) {
          expect(peakOf(note)).toBeLessThanOrEqual(1);
          const factor = Math.max(1, peaks[i]!);
          expectClose(
            [...note],
            natural[i]!.map((value) => value / factor),
            { absolute: 1e-5 },
          );
        }
      },
      () => tinyGan({}, { louder: 2 }),
    ));

  it('moves from one timbre to another in a phrase, both included, and through those between', () =>
    withVoice(async (voice) => {
      const [first, middle, last] = (await voice.phrase([60, 60, 60], { timbres: ['flute', 'horn'] })) as [Note, Note, Note];
      const [flute, horn] = [voice.latent('flute'), voice.latent('horn')];
      expect([first, last]).toEqual(await voice.notes([60, 60], { latent: [flute, horn] }));
      const [between] = await voice.notes(60, { latent: voice.between('flute', 'horn', 0.5) });
      expectClose(middle, between!, { absolute: 1e-5 });
      // As evenly as their shares change, which an arc's do not.
      expect(voice.between('flute', 'horn', 0.25)).toEqual(latentBetween(flute, horn, 0.25, voice));
      expect(voice.between('flute', 'horn', 0.25)).not.toEqual(slerp(flute, horn, 0.25));
      const three = await voice.phrase([60, 62, 64], { timbres: [0, 1, 2] });
      expect(three[1]).toEqual((await voice.notes(62, { seed: 1 }))[0]);
      expect(await voice.phrase([60], { timbres: ['flute', 'horn'] })).toEqual([first]);
    }));

  it('ends within a note of an abort that comes from a timer', () =>
    withVoice(async (voice) => {
      const pitches = Array.from({ length: 100_000 }, () => 60);
      const score = pitches.map((pitch) => ({ start: 0, end: 1, pitch, velocity: 9 }));
      for (const many of [
        (signal: AbortSignal) => voice.notes(pitches, { signal }),
        (signal: AbortSignal) => voice.phrase(pitches, { timbres: [0, 1], signal }),
        (signal: AbortSignal) => voice.song(score, { signal }),
      ]) {
        const abort = new AbortController();
        setTimeout(() => abort.abort(new Error('enough')), 20);
        await expect(many(abort.signal)).rejects.toThrow('enough');
      }
    }));

  it('refuses what it cannot play, saying what it can', () =>
    withVoice(async (voice) => {
      await expect(voice.notes(61)).rejects.toThrow('voice: pitch 61: expected one that the model knows, 60 to 64 (C4 to E4)');
      expect(() => voice.notes('H4')).toThrow('expected MIDI numbers or names such as C4, f#3, found "H4"');
      expect(() => voice.notes(60, { timbre: 'kazoo' })).toThrow(
        /kazoo: expected an instrument of this model \(flute, brass horn\)/,
      );
      expect(() => voice.notes(60, { timbre: 'flute', seed: 3 })).toThrow(/one of timbre, latent and seed/);
      expect(() => voice.notes(60, { timbre: 'flute', instrument: 'horn' })).toThrow(/expected one instrument/);
      expect(() => voice.notes([60, 62], { latent: [voice.latent(0)] })).toThrow(/expected one latent, or 2/);
      expect(() => voice.notes(60, { latent: [1, 2, 3] })).toThrow(/expected a latent of 6 finite numbers, found 3/);
      expect(() => voice.notes(60, { latent: new Float32Array(6).fill(Number.NaN) })).toThrow(/found some that are not/);
      expect(() => voice.notes(60, { seed: -1 })).toThrow(/whole number from 0, found -1/);
      expect(() => voice.phrase([60], { timbres: [] })).toThrow(/at least one timbre/);
      const misspelt = { batchSize: 1, timber: 'flute' };
      expect(() => voice.notes(60, misspelt)).toThrow(
        /notes: expected options timbre, .*, found "timber"\. Did you mean timbre\?/,
      );
      expect(() => voice.song([], {})).toThrow(/found none among 0/);
    }));

  it('of a WaveGAN plays too, from latents as that was trained with', () =>
    withVoice(async (voice) => {
      expect(voice).toMatchObject({ instruments: [], samples: 16_000, sampleRate: 16_000 });
      expect(voice.draw(20, 1).every((latent) => latent.every((value) => Math.abs(value) <= 1))).toBe(true);
      const [low, high] = (await voice.notes([60, 64], { seed: 2 })) as [Note, Note];
      expect([low.length, high.length]).toEqual([16_000, 16_000]);
      expect(low).not.toEqual(high);
      expect(peakOf(low)).toBeGreaterThan(0.001);
      expect(() => voice.notes(60, { timbre: 'flute' })).toThrow(/trained to tell instruments apart, found one that was not/);
    }, tinyWaveGan));

  it('of a WaveNet plays too: a seed is a note, alone or among others', () =>
    withVoice(async (voice) => {
      expect(voice).toMatchObject({ pitches: [60, 62, 64], instruments: [], latentSize: 2, samples: 256, sampleRate: 16_000 });
      const [low, high] = (await voice.notes([60, 64], { seed: 2 })) as [Note, Note];
      expect([low.length, high.length]).toEqual([256, 256]);
      expect(low).not.toEqual(high);
      expect(await voice.notes(64, { seed: 2 })).toEqual([high]);
      expect(await voice.notes(64, { seed: 3 })).not.toEqual([high]);
      expect(peakOf(low)).toBeGreaterThan(0.001);
    }, tinyWaveNet));

  it('of a WaveNet draws from weights of the precision that is asked for; of others it has no choice', async () => {
    const files = memoryFiles(await tinyWaveNet());
    const drawn: Note[][] = [];
    for (const options of [{}, { precision: 'float32' }, { precision: 'int8' }, { precision: 'int8' }] as const) {
      const voice = await openVoice(files, options);
      const latent = voice.draw(32, 1);
      drawn.push(
        await voice.notes(
          latent.map(() => 60),
          { latent },
        ),
      );
      voice.dispose();
    }
    expect(drawn[1]).toEqual(drawn[0]);
    expect(drawn[2]).not.toEqual(drawn[0]);
    expect(drawn[3]).toEqual(drawn[2]);
    const misspelt: string = 'int9';
    await expectNoLeak(async () => {
      await expect(openVoice(files, { precision: misspelt as 'int8' })).rejects.toThrow(/found int9\. Did you mean int8\?/);
      await expect(openVoice(memoryFiles(await tinyGan()), { precision: 'int8' })).rejects.toThrow(
        /openVoice: expected a WaveNet to draw with precision int8, found a model of family/,
      );
    });
  });

  it('of a WaveNet plays phrases and songs, whose path leaves the range that its latents are drawn from', () =>
    withVoice(async (voice) => {
      const middle = (seed: number): number => Math.max(...voice.between(seed, seed + 1, 0.5));
      const seed = Array.from({ length: 10_000 }, (_, at) => at).find((at) => middle(at) >= 2 ** 24);
      if (seed === undefined) throw new Error('expected an arc that leaves the range, found none among 10,000');
      const phrase = await voice.phrase([60, 62, 64], { timbres: [seed, seed + 1] });
      expect(phrase.map(({ length }) => length)).toEqual([256, 256, 256]);
      expect(phrase[0]).toEqual((await voice.notes(60, { seed }))[0]);
      expect(phrase[2]).toEqual((await voice.notes(64, { seed: seed + 1 }))[0]);
      const score = [60, 62, 64].map((pitch, at) => ({ start: at, end: at + 1, pitch, velocity: 100 }));
      const song = await voice.song(score, { timbres: [seed, seed + 1], times: [0, 1] });
      expect(peakOf(song)).toBeGreaterThan(0.001);
    }, tinyWaveNet));

  it("of a WaveNet of the paper's length opens with the representation that its README gives", () => {
    const readme = readFileSync(new URL('../../models-wavenet/README.md', import.meta.url), 'utf8');
    const [, frames = '', samples = ''] =
      /representation: \{ kind: 'waveform', frames: ([\d_]+), samples: ([\d_]+) \}/.exec(readme) ?? [];
    const [wide, long] = [frames, samples].map((digits) => Number(digits.replace('_', '')));
    return withVoice(
      async (voice) => expect(voice.samples).toBe(64_000),
      () => paperLengthWaveNet({ kind: 'waveform', frames: wide, samples: long }),
    );
  });
});
