// What the demo left, as someone would look at it who runs it for the first time.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const files = readdirSync(folder, { recursive: true }).map(String);
const some = (pattern, least) => {
  const found = files.filter((file) => pattern.test(file));
  assert(found.length >= least, `expected at least ${least} of ${pattern} in ${folder}, found ${found.length}`);
  return found;
};

// Twelve notes and a melody, of this run's model and of the shipped one, each with its picture.
for (const model of ['from-this-run', 'from-the-shipped-model']) {
  some(new RegExp(`^${model}.*\\.png$`), 13);
  for (const file of some(new RegExp(`^${model}.*\\.wav$`), 13)) {
    const bytes = readFileSync(join(folder, file));
    assert.equal(bytes.toString('latin1', 0, 4), 'RIFF', file);
    let peak = 0;
    for (let at = 44; at + 1 < bytes.length; at += 2) peak = Math.max(peak, Math.abs(bytes.readInt16LE(at)));
    assert(peak > 300, `${file}: expected sound, found a peak of ${peak} of 32768`);
  }
}
some(/^notes.*\.wav$/, 39);
some(/model[\\/]gansynth\.json$/, 1);
some(/^melody\.mid$/, 1);
for (const file of some(/scores\.json$/, 1))
  assert.ok(Object.keys(JSON.parse(readFileSync(join(folder, file), 'utf8'))).length > 0, file);
const report = readFileSync(join(folder, 'report.html'), 'utf8');
assert(/<html/.test(report) && report.length > 10_000, `expected a page in report.html, found ${report.length} characters`);
console.log(`demo: ${files.length} files, all that it promised`);
