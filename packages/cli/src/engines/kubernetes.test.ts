import { Job as JobModel } from 'kubernetes-models/batch/v1';
import type { Job as PublishedJob } from 'kubernetes-types/batch/v1';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '../app/exit-codes.js';
import { scratch } from '../test-support/packed.js';
import { taskShare, type Job, type Site } from './job.js';
import { forKubernetes, jobManifest, type jobSetManifest } from './kubernetes.js';

const site: Site = {
  engine: 'kubernetes',
  gpus: 1,
  cpus: 4,
  memory: 16,
  seconds: 86_400,
  grace: 300,
  atOnce: 3,
  logs: '.',
  setup: [],
  engineOptions: [],
  image: 'registry.example/gansynth:0.1.0',
  claim: 'notes',
};
const words = ['generate', '--shard', taskShare, '--out', '$(HOME) $$ $5 "it\'s"'] as const;
const job: Job = { name: 'gansynth-generate', words, tasks: 8 };

/** Names of fields, at any depth, that another type does not have. */
type FieldsUnknown<Ours, Theirs> = Ours extends readonly (infer One)[]
  ? Theirs extends readonly (infer Other)[]
    ? FieldsUnknown<One, Other>
    : never
  : Ours extends object
    ? {
        [Key in keyof Ours]-?: Key extends keyof Theirs ? FieldsUnknown<NonNullable<Ours[Key]>, NonNullable<Theirs[Key]>> : Key;
      }[keyof Ours]
    : never;
type OurJob = ReturnType<typeof jobManifest>;

/** @throws what Kubernetes' published schemas have against a manifest */
function validate(manifest: object): void {
  new JobModel(manifest as ConstructorParameters<typeof JobModel>[0]).validate();
}

/** Validates a changed manifest. */
const wrong = (change: (spec: Record<string, unknown>) => void) => (): void => {
  const manifest = parse(forKubernetes([job], site)) as { spec: Record<string, unknown> };
  change(manifest.spec);
  validate(manifest);
};

/** What Kubernetes makes of a container's words, by its documentation: $(NAME) is a variable if there is one, $$ is $. */
const expanded = (word: string, variables: Record<string, string>): string =>
  word.replaceAll(/\$(\$|\((\w+)\))/g, (all, what: string, name?: string) =>
    what === '$' ? '$' : (variables[name ?? ''] ?? all),
  );

/** The one container of a manifest for kubectl. */
function containerOf(text: string): { command: string[]; resources: unknown; volumeMounts: { mountPath: string }[] } {
  const { spec } = parse(text) as { spec: { template: { spec: { containers: ReturnType<typeof containerOf>[] } } } };
  return spec.template.spec.containers[0]!;
}

describe('a manifest for Kubernetes', () => {
  it.each<[string, Job, Site]>([
    ['shares', job, site],
    ['one task', { name: 'gansynth-train', words: ['train', 'mini/quick'] }, site],
    ['processes', { name: 'gansynth-train', words: ['train', 'mini/quick'], processes: 4 }, site],
    [
      'nothing but what it must have',
      job,
      { ...site, gpus: 0, cpus: undefined, memory: undefined, seconds: undefined, atOnce: undefined },
    ],
  ])('follows the published schema: %s', (_, one, where) => {
    const manifest = parse(forKubernetes([one], where)) as object;
    validate(manifest);
    expect(manifest).toEqual(JSON.parse(JSON.stringify(jobManifest(one, where))));
  });

  it('follows the published types, which know a misspelt field too', () => {
    expectTypeOf<FieldsUnknown<OurJob, PublishedJob>>().toBeNever();
    expectTypeOf<
      FieldsUnknown<{ spec: { template: { spec: { containers: { nmae: string }[] } } } }, PublishedJob>
    >().toEqualTypeOf<'nmae'>();
    expectTypeOf<OurJob>().toExtend<PublishedJob>();
  });

  it('would not follow it with a wrong type or an unknown word', () => {
    expect(wrong((spec) => (spec['completions'] = '8'))).toThrow(/completions/);
    expect(wrong((spec) => delete spec['template'])).toThrow(/template/);
    expect(wrong((spec) => (spec['podFailurePolicy'] = { rules: [{}] }))).toThrow(/action/);
  });

  it('has the words as they were, and the share of the index', () => {
    const { command } = containerOf(forKubernetes([job], site));
    expect(command.map((word) => expanded(word, { JOB_COMPLETION_INDEX: '5', HOME: '/root' }))).toEqual([
      'gansynth',
      ...words.map((word) => (word === taskShare ? '5/8' : word)),
    ]);
  });

  it('asks for what a process needs, times the processes', () => {
    expect(containerOf(forKubernetes([job], site)).resources).toEqual({
      requests: { cpu: '4', memory: '16Gi' },
      limits: { memory: '16Gi', 'nvidia.com/gpu': '1' },
    });
    const { command, resources, volumeMounts } = containerOf(
      forKubernetes([{ name: 'x', words: ['train', 'y'], processes: 4 }], site),
    );
    expect(command.join(' ')).toMatch(/ mpirun -n 4 .* gansynth train y$/);
    expect(resources).toMatchObject({ limits: { memory: '64Gi', 'nvidia.com/gpu': '4' } });
    // Open MPI's processes speak through it, and a container's own has 64 MiB.
    expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain('/dev/shm');
  });

  it.each<[string, boolean, number, number]>([
    ['130, asked to stop, though mpirun ends with 1', true, 1, exitCodes.interrupted],
    ['what mpirun ends with', false, 3, 3],
    ['0, done', false, 0, 0],
  ])('ends, with several processes, with %s', async (_, stop, ends, status) => {
    const cwd = scratch();
    // Saves for a while, in which the request comes again.
    const mpirun = `#!/bin/bash\ntrap 'sleep 0.5; echo saved "$@"; exit ${ends}' TERM\necho begun\n`;
    writeFileSync(join(cwd, 'mpirun'), `${mpirun}${stop ? 'while :; do sleep 0.1; done' : `exit ${ends}`}\n`, { mode: 0o755 });
    const { command } = containerOf(forKubernetes([{ name: 'x', words: ['train', '$(HOME)'], processes: 2 }], site));
    const [program = '', ...args] = command.map((word) => expanded(word, { HOME: '/root' }));
    const child = spawn(program, args, { env: { PATH: `${cwd}:${process.env['PATH']}` } });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!stop || !text.includes('begun')) return;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGTERM'), 200);
    });
    expect(await once(child, 'close')).toEqual([status, null]);
    expect(said).toMatch(stop ? /^begun\nsaved -n 2 .* gansynth train \$\(HOME\)\n$/ : /^begun\n$/);
  });

  it('is a set of jobs, each after the one before, where there are several', () => {
    const stages = [
      { name: 'all', stage: 'prepare', words: ['reproduce', '--stage', 'prepare'] },
      { name: 'all', stage: 'train', words: ['reproduce', '--stage', 'train', '--shard', taskShare], tasks: 13 },
    ] as const;
    const { apiVersion, kind, metadata, spec } = parse(forKubernetes(stages, site)) as ReturnType<typeof jobSetManifest>;
    expect([apiVersion, kind, metadata.name]).toEqual(['jobset.x-k8s.io/v1alpha2', 'JobSet', 'all']);
    expect(spec.replicatedJobs.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
      ['prepare', undefined],
      ['train', [{ name: 'prepare', status: 'Complete' }]],
    ]);
    for (const { name, template } of spec.replicatedJobs)
      validate({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, ...template });
    expect(spec.replicatedJobs[1]?.template.spec).toMatchObject({ completions: 13, parallelism: 3, completionMode: 'Indexed' });
  });
});
