import { jsonField, type SavedTrainingState, type TrainingManifest } from '@gansynth/training';
import { WaveGanTask } from './wavegan-task.js';

/** Moments then bore the names of the progressive GAN's. */
const scope = 'progressive_gan_train_ops/';

/** A state in the layout of version 0.1.0, which had a manifest of its own, in today's; others as they are. */
export function upgradeWaveGanState(state: SavedTrainingState): SavedTrainingState {
  const { manifest, tensors } = state;
  const field = (name: string): unknown => jsonField(manifest, name);
  if (field('format') !== 'gansynth-wavegan-training' || field('version') !== 1) return state;
  const steps = (network: string): unknown => ({ optimiserSteps: jsonField(field('optimiserSteps'), network) });
  const training = field('training');
  const clipsPerStep = Number(jsonField(training, 'criticUpdates')) * Number(jsonField(training, 'batchSize'));
  const upgraded: Record<keyof TrainingManifest, unknown> = {
    format: 'gansynth-training',
    kind: WaveGanTask.kind,
    version: WaveGanTask.version,
    config: { network: field('network'), training, seed: field('seed') },
    steps: field('steps'),
    done: Number(field('steps')) * clipsPerStep,
    parts: { generator: steps('generator'), critic: steps('critic'), streams: field('streams'), data: field('data') },
  };
  const renamed = Object.entries(tensors).map(([name, tensor]) => [
    name.startsWith(scope) ? name.slice(scope.length) : name,
    tensor,
  ]);
  return { manifest: upgraded, tensors: Object.fromEntries(renamed) };
}
