import { jsonField, type SavedTrainingState, type TrainingManifest } from '@gansynth/training';
import { ProgressiveGanTask } from './progressive-gan-task.js';

/** A state in the layout of version 0.1.0, which had a manifest of its own, in today's; others as they are. */
export function upgradeProgressiveState(state: SavedTrainingState): SavedTrainingState {
  const { manifest, tensors } = state;
  const field = (name: string): unknown => jsonField(manifest, name);
  if (field('format') !== 'gansynth-gan-training' || field('version') !== 1) return state;
  const steps = (network: string): unknown => ({ optimiserSteps: jsonField(field('optimiserSteps'), network) });
  const upgraded: Record<keyof TrainingManifest, unknown> = {
    format: 'gansynth-training',
    kind: ProgressiveGanTask.kind,
    version: ProgressiveGanTask.version,
    config: { network: field('network'), training: field('training'), seed: field('seed') },
    steps: field('steps'),
    done: field('images'),
    parts: {
      growth: { stage: field('stage'), blocks: field('blocks') },
      generator: steps('generator'),
      critic: steps('critic'),
      average: null,
      streams: field('streams'),
      data: field('data'),
    },
  };
  return { manifest: upgraded, tensors };
}
