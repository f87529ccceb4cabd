/*
 * What keeps tfjs-backend-wasm 4.22 from starting its threads in Node (tensorflow/tfjs#3830), each mended while it starts:
 *
 * - it hands the script of its workers over as a blob URL, which worker_threads cannot open: a file takes its place;
 * - inside the worker the main script comes as a blob as well: the original file takes its place;
 * - it takes half of the processors at most: the count is doubled;
 * - its running workers keep the process alive for ever: they may not;
 * - its workers inherit the process's flags and so load what --import names: they get none.
 */

const module = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd';

/** @returns puts everything back as it was; call it when the backend has started or failed to */
export function letWorkersStart(threads: number): () => void {
  const fs = process.getBuiltinModule('node:fs');
  const os = process.getBuiltinModule('node:os');
  const path = process.getBuiltinModule('node:path');
  const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);
  const mainFile = require.resolve(`${module}.js`);
  const { wasmWorkerContents } = require(`${module}.worker.js`) as { wasmWorkerContents: string };
  // Its string literals hold line ends that stand for the escape sequence.
  const script = wasmWorkerContents.replaceAll('\n', '\\n');
  const workerBlob = new Blob([script], { type: 'application/javascript' });

  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'gansynth-wasm-'));
  const workerFile = path.join(directory, 'worker.cjs');
  fs.writeFileSync(
    workerFile,
    `URL.createObjectURL = () => ${JSON.stringify(mainFile)}; URL.revokeObjectURL = () => {};\n${script}`,
  );
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob): string =>
    blob instanceof Blob && blob.type === workerBlob.type && blob.size === workerBlob.size ? workerFile : createObjectURL(blob);
  const { cpus } = os;
  os.cpus = (): ReturnType<typeof cpus> => {
    const real = cpus();
    return Array.from({ length: 2 * threads }, () => real[0]) as ReturnType<typeof cpus>;
  };
  const workerThreads = process.getBuiltinModule('node:worker_threads');
  const { Worker } = workerThreads;
  const { Worker: globalWorker } = globalThis;
  workerThreads.Worker = class extends Worker {
    constructor(file: string | URL, options?: ConstructorParameters<typeof Worker>[1]) {
      super(file, { ...options, execArgv: [] });
    }
    // Called when a worker has loaded and was already told not to keep the process alive.
    override ref(): void {}
  };
  return () => {
    workerThreads.Worker = Worker;
    globalThis.Worker = globalWorker;
    URL.createObjectURL = createObjectURL;
    os.cpus = cpus;
    fs.rmSync(directory, { recursive: true, force: true });
  };
}
