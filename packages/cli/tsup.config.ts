import { library } from '../../tsup.config.base.js';

// Types of recipes come from their schema, so declarations are inferred, not written file by file.
export default library(
  { index: 'src/index.ts', main: 'src/main.ts' },
  { platform: 'node', splitting: true, dts: { entry: { index: 'src/index.ts' } }, onSuccess: undefined },
);
