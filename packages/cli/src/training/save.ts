import { isAbort } from '@gansynth/common/breathe';
import { folderSink } from '@gansynth/model-files/node';
import { stateOf } from '@gansynth/training';
import { writeSounds } from '../pipeline/samples.js';
import { keepNewestSamples, saveSamples, stageSamples } from '../runs/samples.js';
import type { Session } from './open-session.js';

/** At the end of a stage, with notes that stay. */
export const saveStage = (session: Session, stage: number, signal: AbortSignal): Promise<void> =>
  saveAll(session, stageSamples(session.run, stage), signal);

/** With notes, as long as nobody waits for an end; those of older saves go when their checkpoints go. */
export async function saveOnTheWay(session: Session, signal: AbortSignal): Promise<void> {
  const { run, training } = session;
  const { progress, unit } = training.task;
  await saveAll(session, signal.aborted ? undefined : saveSamples(run, progress.done, unit), signal);
  keepNewestSamples(run, run.recipe.saving.keep);
}

/** A checkpoint to go on from, a model, and notes of it in a folder. */
async function saveAll(session: Session, samples: string | undefined, signal: AbortSignal): Promise<void> {
  const { training, states, run, log, info } = session;
  const { task, representation } = training;
  const { done } = task.progress;
  const folder = await states.save(stateOf(task), done, session.seconds());
  log.write({ type: 'checkpoint', done, folder });
  const { saving, seed } = run.recipe;
  await training.publish(folderSink(run.paths.model), info, async (makeSamples) => {
    if (samples === undefined) return;
    try {
      await writeSounds(samples, makeSamples({ count: saving.samples, seed, signal }), representation.sampleRate);
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
    log.write({ type: 'samples', done, folder: samples });
  });
}
