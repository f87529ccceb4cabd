// Saves models into a folder, one after another, until it is killed or has saved as many as asked for. Argument: folder, count.
import { folderSink } from '../node.js';
import { saveTiny } from './tiny-model.js';

const [folder = '', count = '0'] = process.argv.slice(2);
for (let value = 1; value <= Number(count); value++) {
  await saveTiny(value, folderSink(folder), 300_000);
  if (value === 1) process.stdout.write('saved\n');
}
