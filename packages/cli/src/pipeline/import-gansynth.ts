import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GeneratorModel, saveModel } from '@gansynth/models-gan';
import { loadMagentaCheckpoint, loadMagentaManifest } from '@gansynth/models-gan/magenta';
import { parameterCount } from '@gansynth/models-gan/networks';
import { nsynthPitchCounts } from '@gansynth/models-gan/training';
import { folderFiles, folderSink } from '@gansynth/model-files/node';
import type { Result } from '../app/command.js';
import type { ImportPlan } from './import-plan.js';

/** Of a checkpoint of Magenta.js. */
const manifest = 'weights_manifest.json';

/** Whether a folder has a checkpoint of GANSynth in it. */
export const isGansynth = (folder: string): boolean =>
  [manifest, 'experiment.json'].some((name) => existsSync(join(folder, name)));

/** Whether it is one of Magenta.js: a model as it was published, of one stage, with averaged weights alone. */
export const isOfMagentaJs = (folder: string): boolean => existsSync(join(folder, manifest));

/** Makes a model of a checkpoint of GANSynth: averaged weights unless others are asked for. */
export async function importGansynth(
  at: string,
  { to, stage, weights: kind = 'averaged', licence, signal }: ImportPlan,
): Promise<Result> {
  const files = folderFiles(at);
  const imported = isOfMagentaJs(at)
    ? await loadMagentaManifest(files)
    : await loadMagentaCheckpoint(files, {
        weights: kind === 'averaged' ? 'ema' : kind,
        ...(stage === undefined ? {} : { stage }),
      });
  signal.throwIfAborted();
  const { config, growth, weights, experiment } = imported;
  const model = new GeneratorModel({ config, growth, weights });
  const images = 'images' in imported && typeof imported.images === 'number' ? imported.images : undefined;
  try {
    await saveModel(model, folderSink(to), {
      name: `magenta/${at.split(/[/\\]/).findLast((part) => part !== '') ?? 'gansynth'}`,
      description: 'Imported from a GANSynth checkpoint of Magenta.',
      representation: { ...experiment.representation, trim: 'dc', overlap: 0.75 },
      sampleRate: experiment.representation.sampleRate,
      ...(licence === undefined ? {} : { licence }),
      details: {
        ...(config.pitches.length === nsynthPitchCounts.length ? { pitchCounts: nsynthPitchCounts } : {}),
        ...(images === undefined ? {} : { images }),
      },
    });
  } finally {
    model.dispose();
  }
  const size = [experiment.representation.frames, experiment.representation.bins].join(' x ');
  const parameters = parameterCount('generator', config);
  const text = `${to}: ${experiment.representation.kind}, ${size}, ${parameters.toLocaleString('en')} parameters${images === undefined ? '' : `, ${images} images seen`}`;
  return {
    data: {
      model: to,
      representation: experiment.representation,
      parameters,
      growth,
      ...(images === undefined ? {} : { images }),
    },
    text,
  };
}
