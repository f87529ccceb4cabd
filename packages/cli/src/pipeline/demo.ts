import type { Voice } from '@gansynth/voice';
import { join } from 'node:path';
import type { Context } from '../app/command.js';
import { pitchFileName } from '../app/values.js';
import type { Choice } from '../backend/choose.js';
import { demoMelody, encodeMelody } from '../midi/melody.js';
import { loadRecipe } from '../recipes/library.js';
import type { Recipe } from '../recipes/recipe.js';
import { runReport } from '../reports/run-report.js';
import { replaceFile } from '@gansynth/common/node';
import { writeJson } from '../runs/write-json.js';
import { findRun, openRun, type Run } from '../runs/run.js';
import { evaluate } from './evaluate.js';
import type { Evaluation } from './evaluation.js';
import { copyDemoNotes } from './demo-notes.js';
import { writeLatents } from './latents.js';
import { writeSound } from './pictures.js';
import { trainRun, type TrainedRun } from '../training/train-run.js';
import { openModel, shippedModelFolder } from './open-model.js';

export interface DemoOptions {
  /** Folder that everything goes into. */
  readonly out: string;
  /** Of training, both sessions together. */
  readonly minutes: number;
  readonly recipe: string;
  readonly classifierSteps: number;
}

/** What lies where afterwards. */
export interface Demo {
  readonly notes: string;
  readonly run: TrainedRun;
  readonly folders: readonly { readonly what: string; readonly path: string }[];
  readonly evaluation: Evaluation;
  readonly report: string;
}

/** The main job, once: real notes, a short training that is stopped and resumed, notes, a melody, scores, a report page. */
export async function runDemo(backend: Choice, context: Context, options: DemoOptions): Promise<Demo> {
  const { out, minutes } = options;
  const { note } = context;
  const notes = copyDemoNotes(join(out, 'notes'));
  const recipe = loadRecipe(options.recipe);
  const runs = join(out, 'runs');

  note(
    `\n1. A training of ${minutes} minutes, in two sessions: the second one is the same command, and goes on where the first one stopped.`,
  );
  const session = { data: notes, limitSeconds: minutes * 30 };
  await trainSession(runs, recipe, backend, context, session);
  context.signal.throwIfAborted();
  const trained = await trainSession(runs, recipe, backend, context, session);
  context.signal.throwIfAborted();

  note('\n2. Notes and a melody.');
  const song = join(out, 'melody.mid');
  await replaceFile(song, encodeMelody(demoMelody()));
  const run = findRun(trained.folder);
  const own = await openModel(trained.folder, runs);
  const folders = [{ what: 'notes and a melody of this run', path: await play(own, join(out, 'from-this-run'), context) }];
  if (shippedModelFolder() !== undefined) {
    const shipped = await openModel('mini', runs);
    folders.push({
      what: 'notes and a melody of the shipped model',
      path: await play(shipped, join(out, 'from-the-shipped-model'), context),
    });
    shipped.dispose();
  }

  note('\n3. Scores, beside an untrained generator.');
  const evaluation = await evaluate(own, recipe.data, context, {
    data: notes,
    seed: 0,
    untrained: true,
    classifier: { kind: 'small', steps: options.classifierSteps, folder: join(runs, 'classifiers') },
  });
  own.dispose();
  await writeJson(run.paths.scores, evaluation);

  const report = join(out, 'report.html');
  await replaceFile(report, reportOf(run, folders));
  return { notes, run: trained, folders, evaluation, report };
}

async function trainSession(
  runs: string,
  recipe: Recipe,
  backend: Choice,
  context: Context,
  options: { readonly data: string; readonly limitSeconds: number },
): Promise<TrainedRun> {
  const opened = await openRun(runs, recipe);
  try {
    return await trainRun(opened, backend, context, options);
  } finally {
    opened.lock.release();
  }
}

/** Four timbres at three pitches, and the melody moving through three timbres; sounds with their pictures. */
async function play(voice: Voice, folder: string, { signal, progress }: Context): Promise<string> {
  const { sampleRate, pitches } = voice;
  const save = async (name: string, audio: Float32Array): Promise<void> => {
    await writeSound(join(folder, name), audio, sampleRate);
  };
  const step = progress.start(`playing ${voice.name}`, 1);
  const timbres = voice.draw(4, 1);
  const chord = [60, 64, 67].filter((pitch) => pitches.includes(pitch));
  const plan = timbres.flatMap((latent, timbre) => chord.map((pitch) => ({ latent, timbre, pitch })));
  let at = 0;
  const notes = voice.notes(
    plan.map(({ pitch }) => pitch),
    { latent: plan.map(({ latent }) => latent), signal },
  );
  for await (const audio of notes) {
    const { timbre, pitch } = plan[at++]!;
    await save(`timbre-${timbre}-${pitchFileName(pitch)}`, audio);
    step.update((0.5 * at) / plan.length);
  }
  await writeLatents(join(folder, 'latents.json'), timbres, `${voice.source}, seed 1`);
  const melody = demoMelody().filter(({ pitch }) => pitches.includes(pitch));
  const mix = await voice.song(melody, {
    count: 3,
    seed: 2,
    signal,
    onNote: (done) => step.update(0.5 + (0.5 * done) / melody.length),
  });
  await save('melody', mix);
  step.finish(folder);
  return folder;
}

const reportOf = (run: Run, folders: Demo['folders']): string =>
  runReport(
    run,
    folders.map(({ what, path }) => ({ title: `${what.charAt(0).toUpperCase()}${what.slice(1)}`, folder: path })),
  ).html;
