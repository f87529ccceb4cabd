// How well do generated notes keep the pitch they were asked for, by a pitch tracker that knows nothing of the model?
//
//   gansynth generate --model stages --count 4 --pitches 48-72 --out generated
//   node packages/models-gan/docs/pitch.mjs generated
//
// What counts is the pitch found over the tracker's whole range, without a look at what was asked for. Chance is the share that would be right
// if every note had been asked for another note's pitch.
import { trackPitch } from '@gansynth/metrics';
import { readSound } from '@gansynth/nsynth-data';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('expected a folder of generated notes');
const notes = [];
for (const name of readdirSync(folder).filter((name) => name.endsWith('.wav'))) {
  const pitch = Number(/^timbre-\d+-(\d+)/.exec(name)[1]);
  const { samples, sampleRate } = await readSound(join(folder, name));
  notes.push({ pitch, hertz: trackPitch(samples, { sampleRate, pitch }).freeHertz });
}
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
