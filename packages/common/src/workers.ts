export { processors, whyNoThreads } from './workers/threads.js';
export { startWorkerPool, type CompiledFunctions, type WorkerPool, type WorkerPoolOptions } from './workers/worker-pool.js';
