import { breathe } from '@gansynth/common/breathe';
import { replaceFile } from '@gansynth/common/node';
import { encodeWav } from '@gansynth/common/wav';
import { catchTone, integratedLoudness, makeListeningTest, matchLevels, type ListeningTestOptions } from '@gansynth/metrics';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import type { NoteSource, SourceNote } from '../pipeline/note-sources.js';
import { canonicalJson } from '../recipes/canonical.js';
import { writeJson } from '../runs/write-json.js';
import { checkNoTest, pathsOf, type TestKey, type TestSound } from './key.js';
import { listeningPage } from './page.js';

export interface MakeOptions extends ListeningTestOptions {
  /** Pitches, the same for all; repeated for several notes of each. */
  readonly pitches: readonly number[];
  readonly seed: number;
  /** Of every sound; undefined: as long as the shortest note. */
  readonly seconds?: number | undefined;
}

export interface MadeTest {
  readonly key: TestKey;
  /** Notes that stay quieter than the others, by model and id. */
  readonly quieter: readonly string[];
}

interface Heard extends Omit<TestSound, 'file'> {
  readonly name: string;
  readonly audio: Float32Array;
  readonly sampleRate: number;
}

const nameOf = (model: string, id: string): string => JSON.stringify([model, id]);

async function collect(sources: readonly NoteSource[], options: MakeOptions, context: Context): Promise<Heard[]> {
  const step = context.progress.start('notes', sources.length * options.pitches.length);
  const heard: Heard[] = [];
  for (const { name: model, sampleRate, notes } of sources) {
    for await (const { id, pitch, audio } of notes(options.pitches, options.seed)) {
      heard.push({ name: nameOf(model, id), note: { model, id }, pitch, audio: checked(audio, model, id), sampleRate });
      step.update(heard.length, model);
      await breathe(context.signal);
    }
  }
  step.finish(`${heard.length} notes`);
  return heard;
}

function checked(audio: SourceNote['audio'], model: string, id: string): Float32Array {
  if (audio.every(Number.isFinite)) return audio;
  throw new InputError(
    `${model}: expected notes that are finite numbers, found none in ${id}. Its training diverged: leave it out.`,
    id,
  );
}

/** The first samples of a sound, its last 10 ms faded where something is cut off. */
function cut({ audio, sampleRate }: Heard, seconds: number): Float32Array {
  const length = Math.round(seconds * sampleRate);
  if (length >= audio.length) return audio;
  const fade = Math.min(length, Math.round(0.01 * sampleRate));
  return audio.slice(0, length).map((value, n) => (n < length - fade ? value : (value * (length - n)) / fade));
}

/** Tones of the catches at their pitches, clean and damaged, at the rate and length of the others. */
const tones = (pitches: Iterable<number>, sampleRate: number, seconds: number): Heard[] =>
  [...new Set(pitches)].flatMap((pitch) =>
    [false, true].map((damaged) => ({
      name: nameOf(damaged ? 'damaged' : 'clean', String(pitch)),
      note: null,
      pitch,
      sampleRate,
      audio: catchTone({ pitch, sampleRate, samples: Math.round(seconds * sampleRate), damaged }),
    })),
  );

/**
 * Makes a listening test: draws notes, pairs them, makes them equally loud, and writes the page with its sounds, and the key to it.
 *
 * @throws UsageError if the folder holds a listening test already: its answers would be lost
 */
export async function makeTest(
  folder: string,
  sources: readonly NoteSource[],
  options: MakeOptions,
  context: Context,
): Promise<MadeTest> {
  checkNoTest(folder);
  const notes = await collect(sources, options, context);
  const { comparisons, listeners = 1, judgements = 1, catches = 0, seed } = options;
  const test = makeListeningTest(
    notes.flatMap(({ note, pitch }) => (note === null ? [] : [{ ...note, pitch }])),
    { comparisons, listeners, judgements, catches, seed },
  );
  const shortest = Math.min(...notes.map(({ audio, sampleRate }) => audio.length / sampleRate));
  const seconds = Math.min(options.seconds ?? shortest, shortest);
  const caught = test.catches.filter(({ note }) => note === null).map(({ pitch }) => pitch);
  const used = new Set(
    [...test.pairs.flatMap(({ first, second }) => [first, second]), ...test.catches.flatMap(({ note }) => note ?? [])].map(
      ({ model, id }) => nameOf(model, id),
    ),
  );
  const heard = [
    ...notes.filter(({ name }) => used.has(name)),
    ...tones(caught, Math.max(...notes.map(({ sampleRate }) => sampleRate)), seconds),
  ].map((one) => ({ ...one, audio: cut(one, seconds) }));
  const levels = matchLevels(
    heard.map(({ audio, sampleRate }) => ({
      loudness: integratedLoudness(audio, { sampleRate }),
      peak: audio.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0),
    })),
  );
  const paths = pathsOf(folder);
  const files = new Map<string, string>();
  const step = context.progress.start('writing', heard.length);
  for (const [at, { name, audio, sampleRate }] of heard.entries()) {
    await breathe(context.signal);
    const wav = encodeWav(
      audio.map((value) => value * levels.gains[at]!),
      sampleRate,
    );
    const file = `${createHash('sha256').update(`${seed}/${name}/`).update(wav).digest('hex').slice(0, 16)}.wav`;
    await replaceFile(join(paths.sounds, file), wav);
    files.set(name, file);
    step.update(at + 1);
  }
  step.finish(`${heard.length} sounds in ${paths.sounds}`);
  const key = keyOf(test, sources, heard, files, levels.target);
  await replaceFile(
    join(paths.page, 'index.html'),
    listeningPage({ test: key.id, sheets: test.sheets, pairs: soundsOf(test, files) }),
  );
  await writeJson(paths.key, key);
  return { key, quieter: levels.quieter.flatMap((at) => heard[at]?.note ?? []).map(({ model, id }) => `${model}: ${id}`) };
}

function keyOf(
  test: ReturnType<typeof makeListeningTest>,
  sources: readonly NoteSource[],
  heard: readonly Heard[],
  files: ReadonlyMap<string, string>,
  loudness: number,
): TestKey {
  const sounds = heard.map(({ name, note, pitch }) => ({ file: files.get(name)!, note, pitch }));
  const id = createHash('sha256').update(canonicalJson({ test, sounds })).digest('hex').slice(0, 16);
  const models = sources.map(({ name, where, kind }) => ({ name, where, kind }));
  return { kind: 'gansynth-listening-test', format: 1, id, ...test, models, loudness, sounds };
}

function soundsOf(
  { pairs, catches }: ReturnType<typeof makeListeningTest>,
  files: ReadonlyMap<string, string>,
): Record<string, [string, string]> {
  const file = (model: string, id: string): string => `sounds/${files.get(nameOf(model, id))!}`;
  return Object.fromEntries([
    ...pairs.map(({ id, first, second }) => [id, [file(first.model, first.id), file(second.model, second.id)]] as const),
    ...catches.map(({ id, pitch, better, note }) => {
      if (note !== null) return [id, [file(note.model, note.id), file(note.model, note.id)]] as const;
      const both = [file('clean', String(pitch)), file('damaged', String(pitch))] as const;
      return [id, better === 'first' ? both : both.toReversed()] as const;
    }),
  ]) as Record<string, [string, string]>;
}
