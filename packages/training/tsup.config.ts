import { library } from '../../tsup.config.base.js';

export default library({ index: 'src/index.ts', wasm: 'src/wasm/index.ts', node: 'src/node/index.ts' });
