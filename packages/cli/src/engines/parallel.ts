import { wordsOfThisProgram } from '../app/this-program.js';
import { commandLine, quoted } from './bash.js';
import { nameOf, type Job, type Site, type Stages } from './job.js';

/** The GPUs of the machine that a task takes: its place among those that run there at a time decides. */
const gpusOf = (count: number): string =>
  count === 0
    ? ''
    : `  CUDA_VISIBLE_DEVICES=$(seq -s , $((($2 - 1) * ${count})) $(($2 * ${count} - 1)))\n  export CUDA_VISIBLE_DEVICES\n`;

function stage(job: Job, { atOnce = 1, gpus, memory, seconds, grace, logs, engineOptions }: Site): string {
  const { words, tasks } = job;
  const command = [...wordsOfThisProgram(), ...words];
  if (tasks === undefined) return `${commandLine(command, '')}\n`;
  const task = nameOf(job).replaceAll('-', '_');
  const options = [
    `--jobs ${atOnce}`,
    `--joblog ${logs === '.' ? '' : `"${logs}"/`}${nameOf(job)}.joblog`,
    '--line-buffer',
    `--termseq TERM,${1000 * grace},KILL,25`,
    ...(memory === undefined ? [] : [`--memfree ${memory}G`]),
    ...(seconds === undefined ? [] : [`--timeout ${seconds}`]),
    `--env ${task}`,
    ...engineOptions.map(quoted),
  ];
  return `${task}() {
${gpusOf(gpus)}  ${commandLine(command, `"$1/${tasks}"`)}
}
export -f ${task}
parallel ${options.join(' ')} \\
  ${task} '{1}' '{%}' ::: {0..${tasks - 1}}
`;
}

/**
 * A script for GNU parallel. Given again it begins all tasks again, of which those that are done cost nothing; --resume-failed would go by their numbers
 * alone, and pass over those of another work.
 */
export const forParallel = (stages: Stages, site: Site): string =>
  `#!/bin/bash
set -euo pipefail
export PARALLEL_SHELL=/bin/bash
# Asked to stop, it waits for its tasks, which save.
trap : TERM
${site.setup.map((line) => `${line}\n`).join('')}
${stages.map((job) => stage(job, site)).join('\n')}`;
