export { registerWasmKernels, startThreadedWasm, type ThreadedWasm, type ThreadedWasmOptions } from './wasm/index.js';
