import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A process that saves `count` models into `folder`; resolved once the first is there. */
export async function startSaving(
  folder: string,
  count: number,
): Promise<{ child: ChildProcess; ended: Promise<number | string> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', `${root}src/test-support/saving-child.ts`, folder, String(count)], {
    cwd: root,
    env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  await Promise.race([once(child.stdout, 'data'), ended.then((code) => Promise.reject(new Error(`it ended with ${code}`)))]);
  return { child, ended };
}
