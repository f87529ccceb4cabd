import { library } from '../../tsup.config.base.js';

export default library({ index: 'src/index.ts', note: 'src/note.ts' });
