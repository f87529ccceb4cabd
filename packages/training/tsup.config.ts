import { library } from '../../tsup.config.base.js';

export default library({
  index: 'src/index.ts',
  wasm: 'src/wasm.ts',
  node: 'src/node.ts',
  mpi: 'src/mpi.ts',
  test: 'src/test.ts',
});
