// How well do generated notes keep the pitch they were asked for, by a pitch tracker that knows nothing of the model?
//
//   gansynth generate --model stages --count 4 --pitches 48-72 --out generated
//   node packages/models-gan/docs/pitch.mjs generated
//
// What counts is the pitch found over the tracker's whole range, without a look at what was asked for. Chance is the share that would be right
// if every note had been asked for another note's pitch.
import { trackPitch } from '@gansynth/metrics';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function readWav(file) {
  const bytes = readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 12;
  while (bytes.toString('latin1', at, at + 4) !== 'data') at += 8 + view.getUint32(at + 4, true);
  const length = view.getUint32(at + 4, true) / 2;
  return Float32Array.from({ length }, (_, i) => view.getInt16(at + 8 + 2 * i, true) / 32768);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('expected a folder of generated notes');
const notes = readdirSync(folder)
  .filter((name) => name.endsWith('.wav'))
  .map((name) => {
    const pitch = Number(/^timbre-\d+-(\d+)/.exec(name)[1]);
    return { pitch, hertz: trackPitch(readWav(join(folder, name)), { sampleRate: 16_000, pitch }).freeHertz };
  });
const cents = (hertz, pitch) => (hertz === null ? Number.POSITIVE_INFINITY : 1200 * Math.log2(hertz / 440) - 100 * (pitch - 69));
const share = (limit, asked) => notes.filter(({ hertz }, i) => Math.abs(cents(hertz, asked(i))) <= limit).length / notes.length;
const own = (i) => notes[i].pitch;
for (const limit of [20, 50]) {
  let chance = 0;
  for (let shift = 1; shift < notes.length; shift++)
    chance += share(limit, (i) => own((i + shift) % notes.length)) / (notes.length - 1);
  console.log(
    `within ${limit} cents: ${(100 * share(limit, own)).toFixed(1)} % of ${notes.length} notes; by chance ${(100 * chance).toFixed(1)} %`,
  );
}
