import { library } from '../../tsup.config.base.js';

// The worker is an entry of its own: threads load it by its file name.
export default library({ index: 'src/index.ts', 'decode-worker': 'src/decode/decode-worker.ts' });
