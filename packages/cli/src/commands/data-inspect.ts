import type { Command } from 'commander';
import type { Dataset, NoteLabels } from '@gansynth/nsynth-data';
import { examples, perform } from '../app/command.js';
import { table } from '../app/table.js';
import { sampleRate } from '../app/numbers.js';
import { pitchName } from '../app/values.js';

interface InspectOptions {
  readonly rate?: number;
  readonly skipBad?: true;
  readonly reindex?: true;
  readonly audio?: true;
}

const tally = (values: Iterable<string | number>): Record<string, number> => {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** `gansynth data inspect <path>` */
export function inspect(group: Command): void {
  const command = group
    .command('inspect')
    .argument('<path>', 'a collection: folder with examples.json, .tar.gz, .tar, .tfrecord')
    .description('what a collection holds, and what is wrong with it')
    .option('--rate <hertz>', 'sample rate that is expected (default: that of the first note)', sampleRate)
    .option('--skip-bad', 'go on after damaged notes and list them')
    .option('--reindex', 'read everything anew, whatever index is there')
    .option('--audio', 'also read all audio: peaks and silence');
  perform<InspectOptions>(command, async (context, options, path) => {
    const { openCollection } = await import('../pipeline/open-notes.js');
    const onBadNote = options.skipBad ? 'skip' : 'stop';
    const dataset = await openCollection(path, context, {
      onBadNote,
      reindex: options.reindex === true,
      ...(options.rate === undefined ? {} : { sampleRate: options.rate }),
    });
    try {
      const labels = [...dataset.listing()];
      const audio = options.audio ? await loudness(dataset, context.signal) : undefined;
      const data = {
        path,
        ...describe(labels, dataset.sampleRate),
        fingerprint: dataset.fingerprint,
        refused: { count: dataset.rejected.count, faults: dataset.rejected.faults },
        ...audio,
      };
      return { data, text: report(data) };
    } finally {
      await dataset.close();
    }
  });
  examples(command, [
    ['gansynth data inspect nsynth-train.jsonwav.tar.gz', 'The published archive, without unpacking it'],
    ['gansynth data inspect my-notes --skip-bad --audio', 'Your own collection, every sample read'],
  ]);
}

interface Description {
  readonly notes: number;
  readonly sampleRate: number;
  readonly sources: Record<string, number>;
  readonly families: Record<string, number>;
  readonly instruments: number;
  readonly pitches: Record<string, number>;
  readonly velocities: Record<string, number>;
  /** Seconds, shortest and longest. */
  readonly seconds: readonly [number, number];
  /** Notes in the paper's subset: acoustic, MIDI 24 to 84. */
  readonly paperSubset: number;
}

function describe(labels: readonly NoteLabels[], sampleRate: number): Description {
  let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
  for (const { samples } of labels) [shortest, longest] = [Math.min(shortest, samples), Math.max(longest, samples)];
  return {
    notes: labels.length,
    sampleRate,
    sources: tally(labels.map(({ source }) => source)),
    families: tally(labels.map(({ family }) => family)),
    instruments: new Set(labels.map(({ instrument }) => instrument)).size,
    pitches: tally(labels.map(({ pitch }) => pitch)),
    velocities: tally(labels.map(({ velocity }) => velocity)),
    seconds: labels.length === 0 ? [0, 0] : [shortest / sampleRate, longest / sampleRate],
    paperSubset: labels.filter(({ source, pitch }) => source === 'acoustic' && pitch >= 24 && pitch <= 84).length,
  };
}

/** How loud the notes are; a note below -60 dB counts as silent, one at full scale as clipped. */
async function loudness(
  dataset: Dataset,
  signal: AbortSignal,
): Promise<{ silent: string[]; clipped: string[]; medianPeak: number }> {
  const peaks: number[] = [];
  const [silent, clipped]: [string[], string[]] = [[], []];
  for await (const { id, audio } of dataset.notes({ signal })) {
    let peak = 0;
    for (const value of audio.data) peak = Math.max(peak, Math.abs(value));
    peaks.push(peak);
    if (peak < 1e-3) silent.push(id);
    if (peak >= 1) clipped.push(id);
  }
  peaks.sort((a, b) => a - b);
  return { silent, clipped, medianPeak: peaks[peaks.length >> 1] ?? 0 };
}

const counts = (tallied: Record<string, number>): string =>
  Object.entries(tallied)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ') || 'none';

function report(
  found: Description & { path: string; refused: Dataset['rejected']; silent?: string[]; clipped?: string[]; medianPeak?: number },
): string {
  const pitches = Object.keys(found.pitches).map(Number);
  const [low, high] = [pitches[0], pitches.at(-1)];
  const range =
    low === undefined || high === undefined
      ? 'none'
      : `${low} to ${high} (${pitchName(low)} to ${pitchName(high)}), ${pitches.length} of them`;
  const rows = [
    ['notes', `${found.notes}, ${found.paperSubset} in the paper's subset (acoustic, 24 to 84)`],
    ['seconds', found.seconds[0] === found.seconds[1] ? `${found.seconds[0]}` : `${found.seconds[0]} to ${found.seconds[1]}`],
    ['sample rate', `${found.sampleRate} Hz`],
    ['pitches', range],
    ['velocities', counts(found.velocities)],
    ['sources', counts(found.sources)],
    ['families', counts(found.families)],
    ['instruments', `${found.instruments}`],
    ['refused', `${found.refused.count}`],
  ];
  if (found.silent && found.clipped) {
    rows.push(
      ['median peak', `${(found.medianPeak ?? 0).toFixed(3)}`],
      ['silent', `${found.silent.length}`],
      ['at full scale', `${found.clipped.length}`],
    );
  }
  const faults = found.refused.faults.map(
    ({ file, record, reason }) => `  ${[file, record].filter(Boolean).join(': ')}: ${reason}`,
  );
  return [found.path, table(rows, '  '), ...faults].join('\n');
}
