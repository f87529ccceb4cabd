import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Python with PyTorch: the one named by GANSYNTH_BENCH_PYTHON, or the system's. */
const python = process.env['GANSYNTH_BENCH_PYTHON'] ?? 'python3';

/** Whether references in PyTorch can run here. */
export const torchAvailable = (): boolean =>
  [python, '/usr/bin/python3'].some((command) => spawnSync(command, ['-c', 'import torch']).status === 0);

/** A PyTorch script that does one round of work for every line it is sent, so that its rounds can alternate with others'. */
export interface TorchProcess {
  run(): Promise<void>;
  stop(): void;
}

/**
 * Starts a script of benchmarks/python and waits until it says that it is ready.
 *
 * @param threads of its libraries; default: as many as they take
 */
export async function startTorch(script: string, args: readonly string[], threads?: number): Promise<TorchProcess> {
  const command = [python, '/usr/bin/python3'].find((candidate) => spawnSync(candidate, ['-c', 'import torch']).status === 0);
  if (command === undefined) throw new Error('bench: expected a Python with PyTorch. Name one with GANSYNTH_BENCH_PYTHON.');
  const path = fileURLToPath(new URL(`../python/${script}`, import.meta.url));
  const child = spawn(command, [path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env:
      threads === undefined
        ? process.env
        : { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const expectLine = async (expected: string): Promise<void> => {
    const { value, done } = await lines.next();
    if (done || value !== expected) throw new Error(`bench: ${script}: expected "${expected}", found ${String(value)}`);
  };
  await expectLine('ready');
  return {
    run: async () => {
      if (!child.stdin.write('\n')) await once(child.stdin, 'drain');
      await expectLine('done');
    },
    stop: () => void child.stdin.end(),
  };
}
