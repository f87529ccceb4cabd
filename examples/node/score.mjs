// Anybody's notes scored as the paper's were, with @gansynth/metrics; here @gansynth/nsynth-data reads the sound files.
//
//   node examples/node/score.mjs <folder of real notes> <folder of generated notes>
//
// One note a file, whose name ends in its MIDI pitch (flute-060.wav), or in pitch and velocity as NSynth's do (flute-060-100.wav). It takes 20 real
// notes and 3 generated ones.
import {
  classifierInput,
  classifierSource,
  createPitchClassifier,
  formatScores,
  scoreNotes,
  smallClassifier,
  trainPitchClassifier,
} from '@gansynth/metrics';
import { cropOrPad, readSound } from '@gansynth/nsynth-data';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startBackend } from './start-backend.mjs';

const [realFolder, generatedFolder, steps = '300'] = process.argv.slice(2);
if (generatedFolder === undefined) throw new Error('expected two folders of notes: score.mjs <real> <generated>');
const sampleRate = 16_000;
const samples = 16_000;

async function notesIn(folder) {
  const notes = [];
  for (const name of readdirSync(folder).sort()) {
    const pitch = /-(\d{3})(?:-\d{3})?\.\w+$/.exec(name)?.[1];
    if (pitch === undefined) continue;
    const { samples: audio } = await readSound(join(folder, name), { sampleRate });
    notes.push({ audio: cropOrPad(audio, samples), pitch: Number(pitch) });
  }
  return notes;
}

console.log(`on ${await startBackend()}`);
const [real, generated] = [await notesIn(realFolder), await notesIn(generatedFolder)];
console.log(`${real.length} real notes, ${generated.length} generated ones`);

// The paper's scores are those of a classifier of pitches, taught on real notes. Compare only scores of the same classifier.
const all = [...real, ...generated].map(({ pitch }) => pitch);
const [lowest, highest] = [Math.min(...all), Math.max(...all)];
const settings = smallClassifier({
  input: { sampleRate, samples, frames: 64, pool: 32 },
  lowestPitch: lowest,
  outputs: { pitches: highest - lowest + 1 },
});
const classifier = createPitchClassifier(settings, { seed: 1 });
const examples = real.map(({ audio, pitch }) => ({ input: classifierInput(audio, settings.input), pitch }));
await trainPitchClassifier(classifier, { source: classifierSource(examples, settings, { seed: 1 }), steps: Number(steps) });

console.log(formatScores(await scoreNotes({ reference: real, generated, classifier })));
