import { stringify } from 'yaml';
import { exitCodes } from '../app/exit-codes.js';
import { taskShare, type Job, type Site, type Stages } from './job.js';

/** The claim's files, and where the command runs: its paths are relative to it. */
const folder = '/work';
/** User of the image. */
export const user = 1000;
/** Failures of one task, other than being asked to stop. */
const failuresOfTask = 3;
/** The same command would end so again. */
const hopeless = [exitCodes.usage, exitCodes.input, exitCodes.diverged];

/**
 * A script of bash that runs a command, and ends as it does; but with 130 where it was asked to stop: mpirun ends with 1 then, which would count as a
 * failure, whatever its processes end with. (A request ends `wait`, not the command.)
 */
const stoppable = `trap 'test -n "$!" || exit ${exitCodes.interrupted}; asked=yes; kill -TERM "$!"' TERM
"$@" &
wait "$!"; status=$?
while kill -0 "$!" 2>/dev/null; do wait "$!"; status=$?; done
test -z "$asked" || status=${exitCodes.interrupted}
exit "$status"`;

/** Kubernetes puts variables for $(NAME) in arguments, and one dollar for two. */
const literal = (word: string): string => word.replaceAll('$', '$$$$');

const failures = (annotation: string) => ({
  valueFrom: { fieldRef: { fieldPath: `metadata.annotations['batch.kubernetes.io/${annotation}']` } },
});

function containerOf({ words, tasks = 1, processes = 1 }: Job, { gpus, cpus, memory, grace, image = '' }: Site) {
  const own = ['gansynth', ...words.map((word) => (word === taskShare ? `$(JOB_COMPLETION_INDEX)/${tasks}` : literal(word)))];
  // mpirun gives its processes a second to end, where it is not told otherwise.
  const mpirun = ['mpirun', '-n', String(processes), '--bind-to', 'none', '--mca', 'odls_base_sigkill_timeout', String(grace)];
  const limits = {
    ...(memory === undefined ? {} : { memory: `${memory * processes}Gi` }),
    ...(gpus === 0 ? {} : { 'nvidia.com/gpu': String(gpus * processes) }),
  };
  const requests = {
    ...(cpus === undefined ? {} : { cpu: String(cpus * processes) }),
    ...(memory === undefined ? {} : { memory: `${memory * processes}Gi` }),
  };
  return {
    name: 'gansynth',
    image,
    command: processes === 1 ? own : ['bash', '-c', literal(stoppable), 'bash', ...mpirun, ...own],
    workingDir: folder,
    env: [
      { name: 'JOB_COMPLETIONS', value: String(tasks) },
      { name: 'JOB_INDEX_FAILURE_COUNT', ...failures('job-index-failure-count') },
      { name: 'JOB_INDEX_IGNORED_FAILURE_COUNT', ...failures('job-index-ignored-failure-count') },
    ],
    resources: { requests, limits },
    volumeMounts: [
      { name: 'work', mountPath: folder },
      ...(processes === 1 ? [] : [{ name: 'shared-memory', mountPath: '/dev/shm' }]),
    ],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
}

const podOf = (job: Job, site: Site) => ({
  restartPolicy: 'Never',
  terminationGracePeriodSeconds: site.grace,
  ...(site.seconds === undefined ? {} : { activeDeadlineSeconds: site.seconds }),
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  },
  containers: [containerOf(job, site)],
  volumes: [
    { name: 'work', persistentVolumeClaim: { claimName: site.claim } },
    ...((job.processes ?? 1) === 1 ? [] : [{ name: 'shared-memory', emptyDir: { medium: 'Memory' } }]),
  ],
});

/**
 * Each task is an index. Evicted, preempted, or asked to stop at the end of its time, it is begun again without limit, as soon as it is gone; what cannot
 * succeed is not tried again; other failures are, a few times.
 */
export const jobSpec = (job: Job, site: Site) => ({
  completionMode: 'Indexed',
  completions: job.tasks ?? 1,
  parallelism: Math.min(job.tasks ?? 1, site.atOnce ?? Number.POSITIVE_INFINITY),
  backoffLimitPerIndex: failuresOfTask,
  podReplacementPolicy: 'Failed',
  podFailurePolicy: {
    rules: [
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'Ignore', onExitCodes: { containerName: 'gansynth', operator: 'In', values: [exitCodes.interrupted] } },
      { action: 'FailIndex', onExitCodes: { containerName: 'gansynth', operator: 'In', values: hopeless } },
    ],
  },
  template: { metadata: { labels }, spec: podOf(job, site) },
});

const labels = { 'app.kubernetes.io/name': 'gansynth' };

const stageOf = ({ name, stage = name }: Job): string => stage;

/** An indexed Job of `batch/v1`. */
export const jobManifest = (job: Job, site: Site) => ({
  apiVersion: 'batch/v1' as const,
  kind: 'Job' as const,
  metadata: { name: job.name, labels },
  spec: jobSpec(job, site),
});

/** Jobs of which each waits for the one before, as the JobSet controller of Kubernetes' special interest groups runs them (from 0.8). */
export const jobSetManifest = (stages: Stages, site: Site) => ({
  apiVersion: 'jobset.x-k8s.io/v1alpha2' as const,
  kind: 'JobSet' as const,
  metadata: { name: stages[0].name, labels },
  spec: {
    replicatedJobs: stages.map((job, at) => {
      const before = stages[at - 1];
      return {
        name: stageOf(job),
        replicas: 1,
        ...(before === undefined ? {} : { dependsOn: [{ name: stageOf(before), status: 'Complete' as const }] }),
        template: { spec: jobSpec(job, site) },
      };
    }),
  },
});

/** A manifest for `kubectl create -f -`. */
export const forKubernetes = (stages: Stages, site: Site): string =>
  stringify(stages.length === 1 ? jobManifest(stages[0], site) : jobSetManifest(stages, site), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
