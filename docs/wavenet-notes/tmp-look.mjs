import { judgeNote } from '@gansynth/metrics';
import { folderFiles } from '@gansynth/model-files/node';
import { createSampler, loadModel } from '@gansynth/models-wavenet';
import { startThreadedWasm } from '@gansynth/training/wasm';
import { knownNotes, mean } from './model-notes.mjs';
const [folder, collection, N='24'] = process.argv.slice(2);
await startThreadedWasm({ threads: 1 });
const { model } = await loadModel(folderFiles(folder));
const notes = (await knownNotes(collection, model.config.conditioning, 100)).filter((_, i) => i % Math.floor(100 / N) === 0);
const s = await createSampler(model, { batch: notes.length });
await s.begin(notes.map(({ pitch }, seed) => ({ seed, label: model.config.conditioning.pitches.indexOf(pitch) })));
const drawn = await s.next(12000);
const rms = (a, i) => Math.sqrt(mean([...a.slice(i * 1000, i * 1000 + 1000)].map((x) => x * x)));
for (const [k, a] of drawn.entries()) {
  const r = Array.from({ length: 12 }, (_, i) => rms(a, i).toFixed(3));
  const h = [0, 3000, 6000, 8000].map((f) => { const j = judgeNote({ audio: a.slice(f, f + 4000), pitch: notes[k].pitch }, { sampleRate: 16000 }); return `${j.harmonicEnergy.toFixed(2)}/${j.cents === null ? '-' : Math.round(j.cents)}`; });
  console.log(notes[k].pitch, r.join(' '), '|', h.join(' '), '| real', rms(notes[k].audio, 0).toFixed(3), rms(notes[k].audio, 6).toFixed(3));
}
import fs from 'node:fs';
fs.writeFileSync('/tmp/drawn.f32', Buffer.concat(drawn.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))));
fs.writeFileSync('/tmp/real.f32', Buffer.concat(notes.map(({audio}) => {const a = audio.slice(0,12000); return Buffer.from(a.buffer, a.byteOffset, a.byteLength)})));
