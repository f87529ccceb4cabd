import { spawn } from 'node:child_process';
import type { BackendName } from './names.js';

/** What one backend does on this machine. */
export type Probe = { readonly name: BackendName } & (
  | { readonly runs: true; readonly detail: string; readonly gigaflops: number }
  | { readonly runs: false; readonly reason: string; readonly cure: string }
);

const limitMilliseconds = 60_000;

/**
 * Tries a backend in a process of its own, so that one that crashes (a driver, a library built for another CPU) takes nothing with it.
 */
export function probeBackend(name: BackendName, signal?: AbortSignal): Promise<Probe> {
  const crashed = (how: string): Probe => ({
    name,
    runs: false,
    reason: `the process that tried it ${how}.`,
    cure: 'Native code that does not fit this machine: reinstall the package, update the driver, or take another backend.',
  });
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [process.argv[1]!, 'doctor', '--probe', name], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: limitMilliseconds,
      ...(signal === undefined ? {} : { signal }),
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => resolve(crashed(`could not be started (${error.message})`)));
    child.on('close', (code, killed) => {
      try {
        resolve(JSON.parse(output.trim().split('\n').at(-1)!) as Probe);
      } catch {
        resolve(
          crashed(
            killed === 'SIGTERM' ? `did not answer in ${limitMilliseconds / 1000} s` : `ended with ${killed ?? `status ${code}`}`,
          ),
        );
      }
    });
  });
}
