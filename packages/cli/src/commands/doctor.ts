import { arch, cpus, freemem, platform, totalmem } from 'node:os';
import { Option, type Command } from 'commander';
import { examples, perform } from '../app/command.js';
import { table } from '../app/table.js';
import { packageVersion } from '../app/version.js';
import { backendNames, type BackendName } from '../backend/names.js';
import { probeBackend, type Probe } from '../backend/probe.js';

/** `gansynth doctor` */
export function doctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('what runs on this machine, how fast, and what to do about the rest')
    .addOption(new Option('--probe <backend>', 'try one backend in this process').choices([...backendNames]).hideHelp());
  perform<{ probe?: BackendName }>(command, async ({ signal, progress }, { probe }) => {
    if (probe !== undefined) return { data: null, text: JSON.stringify(await probeHere(probe)) };
    const step = progress.start('trying backends', backendNames.length);
    const probes: Probe[] = [];
    for (const name of backendNames) {
      step.update(probes.length, name);
      probes.push(await probeBackend(name, signal));
    }
    step.finish();
    const data = { ...machine(), backends: probes, chosen: probes.find(({ runs }) => runs)?.name ?? null };
    return { data, text: report(data) };
  });
  examples(command, [
    ['gansynth doctor', 'Try every backend in turn'],
    ['gansynth doctor --json | jq .chosen', 'Which one the other commands would take'],
  ]);
}

async function probeHere(name: BackendName): Promise<Probe> {
  const { isFailure, tryBackend } = await import('../backend/choose.js');
  const { measureConvolution } = await import('../backend/measure.js');
  const tried = await tryBackend(name, { allowSoftware: name === 'webgpu' });
  if (isFailure(tried)) return { ...tried, runs: false };
  return { name, runs: true, detail: tried.detail, gigaflops: await measureConvolution() };
}

interface Machine {
  readonly version: string;
  readonly node: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly freeGib: number;
}

const gib = (bytes: number): number => Math.round((bytes / 2 ** 30) * 10) / 10;

function machine(): Machine {
  return {
    version: packageVersion(),
    node: process.versions.node,
    system: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: gib(totalmem()),
    freeGib: gib(freemem()),
  };
}

function report({ backends, chosen, ...found }: Machine & { backends: readonly Probe[]; chosen: string | null }): string {
  const rows = backends.map((probe) =>
    probe.runs ? [probe.name, `${probe.gigaflops.toPrecision(3)} GFLOP/s`, probe.detail] : [probe.name, 'no', `${probe.reason}`],
  );
  const cures = backends.flatMap((probe) => (probe.runs ? [] : [`${probe.name}: ${probe.cure}`]));
  return [
    `gansynth ${found.version}, Node ${found.node}, ${found.system}, ${found.cpu} x ${found.cores}, ${found.memoryGib} GiB (${found.freeGib} free)`,
    '',
    table([['backend', '3x3 conv', 'what'], ...rows]),
    '',
    chosen === null
      ? 'Nothing runs here: reinstall @gansynth/cli.'
      : `Commands take ${chosen} unless told otherwise (--backend).`,
    ...(cures.length === 0 ? [] : ['', 'To get the others:', ...cures.map((cure) => `  ${cure}`)]),
  ].join('\n');
}
