import { exitCodes } from '../app/exit-codes.js';
import { wordsOfThisProgram } from '../app/this-program.js';
import { commandLine, hereDocument } from './bash.js';
import { mostRestarts, nameOf, type Job, type Site, type Stages } from './job.js';

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** Days-hours:minutes:seconds, as Slurm writes times. */
function timeOf(seconds: number): string {
  const rest = `${two((seconds % 86_400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return seconds < 86_400 ? rest : `${Math.floor(seconds / 86_400)}-${rest}`;
}

/** Memory is a process's. Slurm counts that of a machine, or of a processor where several processes may be spread over machines. */
function memoryOf({ processes = 1 }: Job, { memory, cpus = 1 }: Site): string[] {
  if (memory === undefined) return [];
  return [processes === 1 ? `--mem=${memory}G` : `--mem-per-cpu=${Math.ceil((1024 * memory) / cpus)}M`];
}

function directives(job: Job, site: Site): string[] {
  const { tasks, processes = 1 } = job;
  const { cpus, gpus, seconds, grace, atOnce, logs, engineOptions } = site;
  const file = tasks === undefined ? '%x-%j.log' : '%x-%A_%a.log';
  return [
    `--job-name=${nameOf(job)}`,
    ...(tasks === undefined ? [] : [`--array=0-${tasks - 1}${atOnce === undefined ? '' : `%${atOnce}`}`]),
    `--ntasks=${processes}`,
    ...(cpus === undefined ? [] : [`--cpus-per-task=${cpus}`]),
    ...memoryOf(job, site),
    ...(gpus === 0 ? [] : [`--gpus-per-task=${gpus}`]),
    ...(seconds === undefined ? [] : [`--time=${timeOf(seconds)}`]),
    `--output=${logs === '.' ? file : `"${logs}/${file}"`}`,
    '--open-mode=append',
    '--requeue',
    `--signal=TERM@${grace}`,
    ...engineOptions,
  ];
}

/**
 * A script for `sbatch`. The command runs as a step, for that is what Slurm asks to stop before the end of the time and before preemption; it saves
 * then, and the same job is queued again.
 */
export function slurmScript(job: Job, site: Site): string {
  const { words, tasks, processes = 1 } = job;
  const step = [
    'srun',
    // A step does not inherit it.
    ...(site.cpus === undefined ? [] : [`--cpus-per-task=${site.cpus}`]),
    ...(processes === 1 ? [] : ['--mpi=pmix', '--kill-on-bad-exit=1']),
  ];
  const command = commandLine([...wordsOfThisProgram(), ...words], `"$SLURM_ARRAY_TASK_ID/${tasks}"`);
  return `#!/bin/bash
${directives(job, site)
  .map((option) => `#SBATCH ${option}`)
  .join('\n')}

set -euo pipefail
${site.setup.map((line) => `${line}\n`).join('')}
status=0
${step.join(' ')} \\
  ${command} || status=$?
# 130: asked to stop, because its time is over or others want the machine, it has saved. ${exitCodes.lost}: one of its processes was lost. The same job goes on later.
if [[ $status =~ ^(${exitCodes.interrupted}|${exitCodes.lost})$ ]] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${mostRestarts} ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
`;
}

/** A script that submits several jobs, each to begin when the one before has ended well, and prints their ids. */
function slurmChain(stages: Stages, site: Site): string {
  const parts = stages.map((job, at) => {
    const after = at === 0 ? '' : ' --kill-on-invalid-dep=yes --dependency="afterok:$job"';
    const submit = hereDocument(`job=$(sbatch --parsable${after}`, slurmScript(job, site), `END_OF_JOB_${at}`);
    return `${submit})\njob=\${job%%;*}\necho "${nameOf(job)} $job"\n`;
  });
  return `#!/bin/bash\nset -euo pipefail\n\n${parts.join('\n')}`;
}

/** What Slurm is given: a script for `sbatch`, or one that calls it several times. */
export const forSlurm = (stages: Stages, site: Site): string =>
  stages.length === 1 ? slurmScript(stages[0], site) : slurmChain(stages, site);
