/**
 * The script of a helper thread.
 *
 * @param data expression for what the helper was given
 * @param isReady statement that says it has begun
 */
export type HelperScript = (data: string, isReady: string) => string;

/** A helper thread. It does not keep a process alive. */
export interface Helper {
  /** Ends it, whatever it is doing. */
  end(): void;
}

/** Starts a helper: a worker thread in Node, a worker in a browser. @throws what keeps it from starting */
export const startHelper = (script: HelperScript, data: object): Promise<Helper> =>
  typeof process === 'object' && typeof process.getBuiltinModule === 'function'
    ? startThread(script('workerData', "parentPort.postMessage('ready')"), data)
    : startWorker(script('data', "postMessage('ready')"), data);

async function startThread(body: string, workerData: object): Promise<Helper> {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const script = `const { parentPort, workerData } = require('node:worker_threads');\n${body}`;
  const thread = new Worker(script, { eval: true, execArgv: [], workerData });
  await new Promise<void>((resolve, reject) => {
    thread.once('message', () => {
      thread.unref();
      resolve();
    });
    thread.once('error', reject);
  });
  return { end: () => void thread.terminate() };
}

async function startWorker(body: string, data: object): Promise<Helper> {
  const url = URL.createObjectURL(new Blob([`onmessage = ({ data }) => {\n${body}\n}`], { type: 'text/javascript' }));
  const worker = new Worker(url);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.addEventListener('message', () => resolve(), { once: true });
      worker.addEventListener('error', ({ message }) => {
        worker.terminate();
        reject(new Error(message || 'a helper was not let start; a page that restricts its workers needs worker-src blob:'));
      });
      worker.postMessage(data);
    });
  } finally {
    URL.revokeObjectURL(url);
  }
  return { end: () => worker.terminate() };
}
