import { readdirSync, readFileSync } from 'node:fs';
import { library } from '../../tsup.config.base.js';

const files = Object.fromEntries(
  readdirSync('model').map((name) => [name, readFileSync(`model/${name}`).toString('base64')] as const),
);

// A string goes where it is used, and nowhere else. It is long, and a map of it of no use to anybody.
export default library(
  { index: 'src/index.ts', node: 'src/node.ts' },
  { define: { MODEL_FILES: JSON.stringify(JSON.stringify(files)) }, sourcemap: false },
);
