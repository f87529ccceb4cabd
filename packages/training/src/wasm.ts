export {
  registerWasmKernels,
  startThreadedWasm,
  WasmMemoryError,
  type ThreadedWasm,
  type ThreadedWasmOptions,
} from './wasm/index.js';
