import { taskShare, type Stages } from '../engines/job.js';

/**
 * The comparison as jobs of a scheduler: notes and classifier, then every training as a task of its own, then the scores.
 *
 * @param words rows and options of `gansynth reproduce`
 * @param trainings rows times seeds
 */
export function stagesOf(words: readonly string[], trainings: number, name = 'gansynth-reproduce'): Stages {
  const stage = (which: string): readonly string[] => ['reproduce', ...words, '--stage', which];
  return [
    { name, stage: 'prepare', words: stage('prepare') },
    { name, stage: 'train', words: [...stage('train'), '--shard', taskShare], tasks: trainings },
    { name, stage: 'score', words: stage('score') },
  ];
}
