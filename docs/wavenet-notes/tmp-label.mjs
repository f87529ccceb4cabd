import { folderFiles } from '@gansynth/model-files/node';
import { createSampler, loadModel } from '@gansynth/models-wavenet';
import { startThreadedWasm } from '@gansynth/training/wasm';
import { knownNotes, mean, nats } from './model-notes.mjs';
const [folder, collection, S='3000'] = process.argv.slice(2);
await startThreadedWasm({ threads: 1 });
const { model } = await loadModel(folderFiles(folder));
const { conditioning, output } = model.config;
const notes = await knownNotes(collection, conditioning, 48);
const s = await createSampler(model, { batch: notes.length });
for (const shift of [0, 1, 7, 12]) {
  await s.begin(notes.map(({ pitch }, seed) => ({ seed, label: (conditioning.pitches.indexOf(pitch) + shift) % conditioning.pitches.length })));
  const cut = notes.map(({ audio }) => audio.slice(0, +S));
  const expected = await s.force(cut);
  const at = [0, 100, 200, 300, 500, 1000, 2000, 3000].filter((x) => x <= +S);
  console.log(shift, at.slice(1).map((b, i) => mean(notes.map((_, k) => nats(output, expected[k], cut[k], at[i], b))).toFixed(3)).join(' '));
}
