import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { frechetDistance, kMeans, ndb, ndbBinsFromCentres } from '@gansynth/metrics';
import { randomStream } from '@gansynth/common/random';
import { measure, report } from './measure.js';

const ROWS = 10_000;
const COLUMNS = 512;
const K = 50;

/** Features that cluster a little, as a classifier's do. */
function features(seed: number, scale: number): Float64Array {
  const centres = randomStream(0, 'centres').normalValues(K * COLUMNS);
  const stream = randomStream(seed, 'features');
  const noise = stream.normalValues(ROWS * COLUMNS);
  const cluster = stream.integers(K, ROWS);
  return Float64Array.from(
    noise,
    (value, i) => scale * (value + 0.6 * centres[cluster[Math.floor(i / COLUMNS)]! * COLUMNS + (i % COLUMNS)]!),
  );
}

interface Reference {
  /** Runs one command; milliseconds are the caller's to take. */
  ask(command: string): Promise<unknown>;
  readonly versions: Readonly<Record<string, string>>;
  close(): void;
}

/** A Python process with numpy and scipy that holds the same features; undefined where there is none. */
async function startReference(file: string): Promise<Reference | undefined> {
  const script = fileURLToPath(new URL('../python/metrics_reference.py', import.meta.url));
  const child = spawn(process.env['PYTHON'] ?? '/usr/bin/python3', [script, file, String(ROWS), String(COLUMNS), String(K)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting: ((line: string | undefined) => void)[] = [];
  createInterface({ input: child.stdout })
    .on('line', (line) => waiting.shift()?.(line))
    .on('close', () => {
      for (const resolve of waiting.splice(0)) resolve(undefined);
    });
  child.on('error', () => {});
  const next = (): Promise<string | undefined> =>
    new Promise((resolve) => {
      waiting.push(resolve);
    });
  const versions = await next();
  if (versions === undefined) return undefined;
  return {
    versions: JSON.parse(versions) as Record<string, string>,
    async ask(command) {
      child.stdin.write(`${command}\n`);
      const line = await next();
      if (line === undefined) throw new Error(`metrics.bench: the Python process ended during "${command}"`);
      return JSON.parse(line) as unknown;
    },
    close: () => child.stdin.end(),
  };
}

/** k-means, Fréchet distance and NDB on 10,000 x 512 features, each beside numpy and scipy in the same run. */
export default async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gansynth-metrics-bench-'));
  try {
    const [reference, generated] = [features(1, 1), features(2, 1.05)];
    const [realRows, madeRows] = [reference, generated].map((data) => ({ data, shape: [ROWS, COLUMNS] })) as [
      { data: Float64Array; shape: number[] },
      { data: Float64Array; shape: number[] },
    ];
    const file = join(folder, 'features');
    writeFileSync(file, Buffer.concat([Buffer.from(reference.buffer), Buffer.from(generated.buffer)]));
    const python = await startReference(file);
    if (python) console.log(`numpy ${python.versions['numpy']}, scipy ${python.versions['scipy']}`);
    else console.log('no Python with numpy and scipy (set PYTHON to one): ours alone');
    const beside = (name: string, command: string): { name: string; run: () => unknown }[] =>
      python ? [{ name, run: () => python.ask(command) }] : [];

    const clusters = await kMeans(realRows, { k: K, restarts: 1 });
    const iterations = Math.max(1, clusters.iterations);
    report(
      `k-means, k = ${K}, one start and ${iterations} iterations, ${ROWS} x ${COLUMNS}`,
      await measure(
        [
          { name: '@gansynth/metrics kMeans', run: () => kMeans(realRows, { k: K, restarts: 1 }) },
          ...beside('scipy kmeans2 (++)', `kmeans ${iterations}`),
        ],
        { runs: 3, warmup: 1 },
      ),
    );
    const best = await kMeans(realRows, { k: K, restarts: 3 });
    if (python) {
      const theirs = (await python.ask('best_of 3')) as number;
      console.log(
        `  objective, best of 3: ${best.objective.toFixed(0)}; scikit-learn's algorithm in numpy ${theirs.toFixed(0)} (ours / theirs ${(best.objective / theirs).toFixed(4)})`,
      );
    }

    const distance = (bias: boolean): number => {
      const accumulator = frechetDistance({ dimensions: COLUMNS, bias });
      accumulator.update({ reference: realRows, generated: madeRows });
      return accumulator.compute().distance;
    };
    report(
      `Frechet distance of ${ROWS} and ${ROWS} x ${COLUMNS}`,
      await measure(
        [
          { name: '@gansynth/metrics frechetDistance', run: () => distance(false) },
          { name: '... with its bias estimate', run: () => distance(true) },
          ...beside('numpy cov, scipy sqrtm', 'frechet'),
        ],
        {
          runs: 5,
          warmup: 1,
        },
      ),
    );
    if (python)
      console.log(`  distance: ${distance(false).toFixed(8)}, scipy ${((await python.ask('frechet')) as number).toFixed(8)}`);

    const centresFile = join(folder, 'centres');
    writeFileSync(centresFile, Buffer.from(clusters.centres.buffer));
    await python?.ask(`centres ${centresFile}`);
    const bins = ndbBinsFromCentres({ data: clusters.centres, shape: [K, COLUMNS] });
    const score = (): number => {
      const accumulator = ndb({ bins });
      accumulator.update({ reference: realRows, generated: madeRows });
      return accumulator.compute().ndb;
    };
    report(
      `NDB of ${ROWS} and ${ROWS} x ${COLUMNS} in ${K} bins`,
      await measure([{ name: '@gansynth/metrics ndb', run: score }, ...beside('scipy vq and norm', 'ndb')], {
        runs: 5,
        warmup: 1,
      }),
    );
    if (python) console.log(`  NDB: ${score()}, scipy ${String(await python.ask('ndb'))}`);
    python?.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
