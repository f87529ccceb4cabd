import { describeOnBackends, expectNoLeak } from '@gansynth/test-kit';
import { expect, it } from 'vitest';
import {
  bootstrapInterval,
  compareScores,
  createPitchClassifier,
  formatScores,
  hearNotes,
  type HeardNotes,
  heardReference,
  hertzOfPitch,
  joinHeardNotes,
  NotComparableError,
  type PitchClassifier,
  type ScoredNote,
  scoreHeardNotes,
  scoreNotes,
  scoringReference,
  type ScoreReport,
  smallClassifier,
  TooFewExamplesError,
  ValueError,
} from '../index.js';
import { noise, tone } from '../test-support/notes.js';

/** Tones of six pitches with varied partials; `hiss` is how much noise they have. */
function notes(count: number, seed: number, hiss = 0.01): ScoredNote[] {
  return Array.from({ length: count }, (_, i) => {
    const pitch = 57 + (i % 6);
    const audio = tone(hertzOfPitch(pitch), {
      partials: [1, Math.sin(seed + i) ** 2, 0.3 * Math.cos(seed * i) ** 2],
      seconds: 0.5,
    });
    const rough = noise(audio.length, hiss, seed * 1000 + i);
    return { pitch, audio: audio.map((x, n) => x + rough[n]!) };
  });
}

const make = (seed: number): PitchClassifier => {
  const small = smallClassifier({
    lowestPitch: 57,
    outputs: { pitches: 6 },
    input: { samples: 8000, fftSize: 256, frames: 32, pool: 16 },
  });
  return createPitchClassifier(
    { ...small, dense: 8, blocks: small.blocks.map((block) => ({ ...block, channels: 4 })) },
    { seed },
  );
};

describeOnBackends(
  'scoreNotes',
  () => {
    const reference = notes(24, 1);
    const score = (generated: readonly ScoredNote[], classifier: PitchClassifier, more = {}): Promise<ScoreReport> =>
      scoreNotes({ reference, generated, classifier, restarts: 2, ...more });

    it('scores notes in one call and frees what it made', async () => {
      const classifier = make(1);
      let report: ScoreReport | undefined;
      const events: string[] = [];
      await expectNoLeak(async () => {
        report = await score(notes(12, 2), classifier, {
          batchSize: 10,
          onEvent: ({ kind, notes: done }: { kind: string; notes: number }) => events.push(`${kind} ${done}`),
        });
      });
      expect(events).toEqual(['reference 10', 'reference 20', 'reference 24', 'generated 10', 'generated 12']);
      expect(report?.conditions).toMatchObject({ referenceCount: 24, generatedCount: 12, seed: 0, sampleRate: 16000 });
      expect(report?.conditions.classifier).toMatch(/^[0-9a-f]{64}$/);
      expect(report?.generated.quality).toMatchObject({ notes: 12, within20Cents: 1 });
      expect(report?.ndb.k).toBe(2);
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      const text = formatScores(report!);
      expect(text).toContain('Frechet distance');
      expect(text).toContain('12 notes against 24');
      classifier.dispose();
    });

    it('finds notes in noise further away than clean ones', async () => {
      const classifier = make(1);
      const [clean, rough] = [await score(notes(12, 2), classifier), await score(notes(12, 3, 0.3), classifier)];
      const better = Object.fromEntries(compareScores(clean, rough).map((line) => [line.score, line.better]));
      for (const line of ['Frechet distance', 'Energy on harmonics', 'Repetition after a period']) {
        expect([line, better[line]]).toEqual([line, 'first']);
      }
      classifier.dispose();
    });

    it('gives a set against itself nothing to differ in, in any order', async () => {
      const classifier = make(1);
      const report = await score([...reference].reverse(), classifier);
      expect(report.frechetDistance.distance).toBeLessThan(1e-9);
      expect(report.ndb).toMatchObject({ ndb: 0, jensenShannon: 0 });
      expect(report.generated.inceptionScore.score).toBeCloseTo(report.reference.inceptionScore.score, 5);
      classifier.dispose();
    });

    it('refuses to compare what was made under other conditions', async () => {
      const [one, other] = [make(1), make(2)];
      const first = await score(notes(6, 2), one);
      expect(() => compareScores(first, { ...first, kind: 'x' } as never)).toThrow(ValueError);
      const cases: [ScoreReport, RegExp][] = [
        [await score(notes(6, 2), other), /classifier/],
        [await score(notes(7, 2), one), /generatedCount: 6 and 7/],
        [await score(notes(6, 2), one, { seed: 1 }), /seed: 0 and 1/],
        [await scoreNotes({ reference: notes(24, 9), generated: notes(6, 2), classifier: one, restarts: 2 }), /reference: /],
      ];
      for (const [second, message] of cases) {
        expect(() => compareScores(first, second)).toThrow(message);
        expect(() => compareScores(first, second)).toThrow(NotComparableError);
      }
      one.dispose();
      other.dispose();
    });

    it('takes a reference that was heard before, with the same result, and refuses one that does not fit', async () => {
      const [classifier, other] = [make(1), make(2)];
      const made = notes(12, 2);
      const heard = await scoringReference(reference, { classifier, restarts: 2, seed: 0 });
      const asked = { reference: heard, generated: made, classifier };
      const events: string[] = [];
      const report = await scoreNotes({ ...asked, onEvent: ({ kind }) => void events.push(kind) });
      expect(report).toEqual(await score(made, classifier));
      expect(new Set(events)).toEqual(new Set(['generated']));
      await expect(scoreNotes({ ...asked, classifier: other })).rejects.toThrow(NotComparableError);
      await expect(scoreNotes({ ...asked, resamples: 2.5 })).rejects.toThrow(/a whole number for resamples, found 2.5/);
      await expect(scoreNotes({ ...asked, k: 3 })).rejects.toThrow(/expected k to be given to scoringReference/);
      await expect(scoringReference(reference.slice(0, 19), { classifier })).rejects.toThrow(
        /at least 20 reference notes, found 19/,
      );
      classifier.dispose();
      other.dispose();
    });

    it('scores notes that were heard in parts as if they had been heard in one, and by one classifier only', async () => {
      const [classifier, other] = [make(1), make(2)];
      const [real, made] = [notes(24, 1), notes(16, 2)];
      const how = { classifier, batchSize: 4 };
      const whole = await scoreNotes({ reference: real, generated: made, ...how, restarts: 2, seed: 3, resamples: 4 });
      const heardIn = async (all: readonly ScoredNote[], parts: number): Promise<HeardNotes> => {
        const size = all.length / parts;
        const heard: HeardNotes[] = [];
        for (let part = 0; part < parts; part++) heard.push(await hearNotes(all.slice(part * size, (part + 1) * size), how));
        return joinHeardNotes(heard);
      };
      for (const parts of [1, 2, 4]) {
        const reference = await heardReference(await heardIn(real, parts === 4 ? 6 : parts), { restarts: 2, seed: 3 });
        const generated = await heardIn(made, parts);
        expect(await scoreHeardNotes({ reference, generated, seed: 3, resamples: 4 })).toEqual(whole);
      }
      const [one, another] = [await hearNotes(made, how), await hearNotes(made, { ...how, classifier: other })];
      expect(() => joinHeardNotes([one, another])).toThrow(NotComparableError);
      expect(() => joinHeardNotes([one, { ...one, pitches: one.pitches.slice(1) }])).toThrow(/features of shape \[15, 8\]/);
      expect(() => joinHeardNotes([])).toThrow(TooFewExamplesError);
      const reference = await heardReference(await hearNotes(real, how));
      await expect(scoreHeardNotes({ reference, generated: another })).rejects.toThrow(NotComparableError);
      await expect(hearNotes(made, { ...how, batchSize: 2.5 })).rejects.toThrow(
        /hearNotes: expected a whole number for batchSize, found 2\.5/,
      );
      await expect(hearNotes([{ ...made[0]!, pitch: 90 }], how)).rejects.toThrow(/expected pitches in \[57, 62\], found 90/);
      classifier.dispose();
      other.dispose();
    });

    it('scores the same notes drawn again, for intervals', async () => {
      const classifier = make(1);
      const made = notes(12, 2);
      const [report, again] = [
        await score(made, classifier, { resamples: 8, seed: 5 }),
        await score(made, classifier, { resamples: 8, seed: 5, batchSize: 5 }),
      ];
      const { resamples, draws } = report.resampled!;
      expect(resamples).toBe(8);
      expect(draws.ndbOverK).toEqual(again.resampled!.draws.ndbOverK);
      expect(draws.within50Cents).toEqual(again.resampled!.draws.within50Cents);
      expect(new Set(draws.frechetDistance).size).toBe(8);
      const [low, high] = bootstrapInterval(report.generated.inceptionScore.score, report.resampled!, 'inceptionScore');
      expect(high).toBeGreaterThan(low);
      expect((await score(made, classifier)).resampled).toBeUndefined();
      // Of one note drawn again and again every draw is the note itself.
      const alike = Array.from({ length: 6 }, () => made[0]!);
      const same = await score(alike, classifier, { resamples: 3 });
      expect(same.resampled!.draws.harmonicEnergy).toEqual(
        Array.from({ length: 3 }, () => same.generated.quality.harmonicEnergy),
      );
      classifier.dispose();
    });

    it('refuses too few notes and stops when told to', async () => {
      const classifier = make(1);
      await expect(scoreNotes({ reference: notes(5, 1), generated: notes(5, 2), classifier })).rejects.toThrow(
        TooFewExamplesError,
      );
      await expect(score([], classifier)).rejects.toThrow(/generated notes, found none/);
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(score(notes(5, 2), classifier, { signal })).rejects.toThrow('enough');
      classifier.dispose();
    });
  },
  ['wasm'],
);
