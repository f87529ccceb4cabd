import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProcess } from '../test-support/in-process.js';
import { scratch } from '../test-support/packed.js';

const slurm = ['submit', '--engine', 'slurm'];

describe('gansynth submit', () => {
  it('prints, and does nothing else', async () => {
    const cwd = scratch();
    const { status, stdout, stderr } = await inProcess(
      [...slurm, '--array', '4', '--logs', 'logs', '--', 'generate', '--count', '9'],
      { cwd },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^#!\/bin\/bash\n#SBATCH --job-name=gansynth-generate\n#SBATCH --array=0-3\n/);
    expect(stdout).toMatch(/generate --shard "\$SLURM_ARRAY_TASK_ID\/4" --count 9 \|\| status/);
    expect(readdirSync(cwd)).toEqual([]);
    const json = await inProcess(
      [...slurm, '--array', '4', '--logs', 'logs', '--json', '--', 'gansynth', 'generate', '--count', '9'],
      { cwd },
    );
    expect(JSON.parse(json.stdout)).toEqual({ engine: 'slurm', name: 'gansynth-generate', text: stdout });
  });

  it('puts the share where the command takes it, in every engine', async () => {
    const words = ['--array', '3', '--', 'sweep', 'train', 'a b.json', '--data', 'notes'];
    const parallel = await inProcess(['submit', '--engine', 'parallel', ...words]);
    expect(parallel.stdout).toContain(`sweep train --shard "$1/3" 'a b.json' --data notes`);
    const kubernetes = await inProcess(['submit', '--engine', 'kubernetes', '--image', 'x', ...words]);
    expect(kubernetes.stdout).toMatch(/- sweep\n +- train\n +- --shard\n +- \$\(JOB_COMPLETION_INDEX\)\/3\n +- a b.json\n/);
  });

  it('divides the trainings of a reproduction', async () => {
    const { stdout, stderr } = await inProcess([...slurm, '--array', '2', '--', 'reproduce', 'if', '--stage', 'train']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/reproduce --shard "\$SLURM_ARRAY_TASK_ID\/2" if --stage train/);
  });

  it.each<[string[], RegExp]>([
    [['submit', '--', 'generate'], /expected --engine slurm, kubernetes or parallel/],
    [[...slurm, '--', 'generate', '--cuont', '3'], /unknown option '--cuont'.*Did you mean --count\?/s],
    [[...slurm, '--', 'generate', '--count', 'x'], /Expected a whole number/],
    [[...slurm, '--', 'train'], /missing required argument 'recipe'/],
    [[...slurm, '--', 'genrate'], /expected a command of gansynth after --, found "genrate"/],
    [[...slurm, '--', 'sweep'], /expected a command of gansynth after --/],
    [[...slurm, '--', 'submit', '--', 'x'], /expected a command of gansynth after --/],
    [[...slurm, '--array', '2', '--', 'doctor'], /can do a share \(--shard\) with --array, found doctor/],
    [[...slurm, '--array', '2', '--', 'generate', '--shard=0/2'], /--array or --shard, found both/],
    [[...slurm, '--array', '2', '--', 'reproduce', 'if'], /reproduce with --array.* --stage train, .*take reproduce --engine/],
    [[...slurm, '--array', '2', '--', 'sweep', 'train', 'x', '--index', '1'], /sweep train with --array.*--index or --shard/],
    [[...slurm, '--array', '2', '--', 'evaluate', '--merge', 'x'], /evaluate with --array.*--merge without --shard/],
    [[...slurm, '--', 'evaluate', '--merge', 'x', '--data', 'y'], /: expected --merge without --data/],
    [[...slurm, '--', 'reproduce', '--gpus', '1'], /: expected --engine with --gpus/],
    [[...slurm, '--processes', '2', '--', 'generate'], /--processes with train, found it with generate/],
    [[...slurm, '--image', 'x', '--', 'generate'], /--image with --engine kubernetes/],
    [[...slurm, '--time', '00:05:00', '--', 'generate'], /at least twice --grace, 600 seconds, found 300/],
    [[...slurm, '--time', '5', '--', 'generate'], /Expected hours:minutes:seconds/],
    [[...slurm, '--name', 'No', '--', 'generate'], /small letters, digits and hyphens/],
    [[...slurm, '--logs', '$HOME', '--', 'generate'], /folder without quotes/],
    [[...slurm, '--setup', 'a\nb', '--', 'generate'], /Expected one line/],
    [['submit', '--engine', 'kubernetes', '--', 'generate'], /--image with --engine kubernetes, found none/],
    [
      ['submit', '--engine', 'kubernetes', '--image', 'x', '--setup', 'y', '--', 'generate'],
      /--setup with --engine slurm or parallel/,
    ],
    [['submit', '--engine', 'parallel', '--', 'generate'], /expected --array.*Add --array/],
    [
      ['submit', '--engine', 'parallel', '--array', '2', '--cpus', '3', '--', 'generate'],
      /--cpus with --engine slurm or kubernetes/,
    ],
  ])('refuses %j', async (words, message) => {
    const { status, stdout, stderr } = await inProcess(words);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('says so where the engine is not on this machine', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = scratch();
    try {
      const { status, stderr } = await inProcess([...slurm, '--go', '--', 'generate']);
      expect({ status, stderr }).toEqual({
        status: 4,
        stderr: expect.stringMatching(/expected sbatch on this machine, found none .*Without --go it is printed/),
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('gansynth reproduce --engine', () => {
  it('prints its stages, the trainings as tasks, with the options that it was given', async () => {
    const cwd = scratch();
    const words = [
      'reproduce',
      'if',
      'wavegan',
      '--seeds',
      '3',
      '--to',
      'my folder',
      '--backend',
      'cpu',
      '--engine',
      'slurm',
      '--gpus',
      '1',
    ];
    const { status, stdout, stderr } = await inProcess(words, { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const options = `--backend cpu --to 'my folder' --seeds 3`;
    expect([...stdout.matchAll(/ (reproduce .*) \|\| status/g)].map(([, line]) => line)).toEqual([
      `reproduce if wavegan ${options} --stage prepare`,
      `reproduce if wavegan ${options} --stage train --shard "$SLURM_ARRAY_TASK_ID/6"`,
      `reproduce if wavegan ${options} --stage score`,
    ]);
    expect(stdout.match(/--dependency="afterok:\$job"/g)).toHaveLength(2);
    expect(stdout.match(/^#SBATCH --gpus-per-task=1$/gm)).toHaveLength(3);
    expect(existsSync(join(cwd, 'my folder'))).toBe(false);
    const { stdout: json } = await inProcess([...words, '--json'], { cwd });
    expect(JSON.parse(json)).toMatchObject({
      jobs: [{ stage: 'prepare' }, { stage: 'train', tasks: 6 }, { stage: 'score' }],
      text: stdout,
    });
  });

  it.each<[string[], RegExp]>([
    [['--engine', 'slurm', '--stage', 'train'], /--engine or --stage, found both/],
    [['--engine', 'slurm', '--scale', 'paper', '--yes'], /expected --data with --scale paper/],
    [['--engine', 'slurm', '--scale', 'paper', '--data', 'x'], /--yes/],
    [['--gpus', '1'], /expected --engine with --gpus, found none/],
    [['--go'], /expected --engine with --go, found none/],
  ])('refuses %j', async (words, message) => {
    const { status, stdout, stderr } = await inProcess(['reproduce', ...words]);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});
