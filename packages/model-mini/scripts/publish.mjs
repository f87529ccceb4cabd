// Makes this package's model of a finished run and its scores.
//
//   gansynth train mini/notes --data notes                  until it is done
//   gansynth evaluate --model <run> --data others --hold-out 0.5
//   node packages/model-mini/scripts/publish.mjs runs/<id>
import { GeneratorModel, loadGenerator, saveModel, withEvenRanges } from '@gansynth/models-gan';
import { folderFiles, folderSink } from '@gansynth/model-files/node';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [run] = process.argv.slice(2);
if (run === undefined) throw new Error('expected the folder of a run with model/ and scores.json');
await tf.setBackend('cpu');
const { model, manifest } = await loadGenerator(folderFiles(join(run, 'model')));
const {
  trained: { conditions, ndb, frechetDistance, generated },
} = JSON.parse(readFileSync(join(run, 'scores.json'), 'utf8'));
const { recipe, pitchCounts } = manifest.details;
/** What General MIDI calls the programs that the collection numbers. */
const names = {
  keyboard_acoustic_000: 'piano',
  keyboard_electronic_004: 'electric piano',
  keyboard_acoustic_006: 'harpsichord',
  mallet_acoustic_011: 'vibraphone',
  mallet_acoustic_012: 'marimba',
  organ_electronic_016: 'organ',
  organ_acoustic_019: 'church organ',
  guitar_acoustic_024: 'guitar',
  bass_acoustic_032: 'bass',
  string_acoustic_040: 'violin',
  string_acoustic_042: 'cello',
  string_acoustic_045: 'pizzicato',
  string_acoustic_046: 'harp',
  string_acoustic_048: 'strings',
  vocal_acoustic_052: 'choir',
  brass_acoustic_056: 'trumpet',
  brass_acoustic_057: 'trombone',
  brass_acoustic_060: 'horn',
  reed_acoustic_065: 'saxophone',
  reed_acoustic_068: 'oboe',
  reed_acoustic_070: 'bassoon',
  reed_acoustic_071: 'clarinet',
  flute_acoustic_073: 'flute',
  synth_lead_synthetic_080: 'square lead',
};
const { config, growth, weights } = model;
const named = new GeneratorModel({
  config: { ...config, instruments: config.instruments.map((name) => names[name] ?? name) },
  growth,
  weights,
});
const even = withEvenRanges(named);
const rounded = (value) => Number(value.toPrecision(4));
const scores = {
  notes: conditions.generatedCount,
  ndbOverK: ndb.ndbOverK,
  fid: frechetDistance.distance,
  inceptionScore: generated.inceptionScore.score,
  pitchAccuracy: generated.pitchAccuracy.strict,
  pitchEntropy: generated.pitchEntropy.entropy,
  within20Cents: generated.quality.within20Cents,
  within50Cents: generated.quality.within50Cents,
  harmonicEnergy: generated.quality.harmonicEnergy,
};
const folder = fileURLToPath(new URL('../model', import.meta.url));
rmSync(folder, { recursive: true, force: true });
await saveModel(
  even,
  folderSink(folder),
  {
    name: 'model-mini',
    description: 'Four-second notes, C2 to C6, of 24 instruments, struck softly or hard, and of timbres between them.',
    licence:
      'MIT: trained on notes rendered from FluidR3 GM, (c) 2000-2002, 2008 Frank Wen, and MuseScore General, (c) 2018-2021 S. Christian Collins',
    representation: manifest.representation,
    sampleRate: manifest.sampleRate,
    scores: Object.fromEntries(Object.entries(scores).map(([name, value]) => [name, rounded(value)])),
    details: { recipe, pitchCounts },
  },
  // The last layer is nine tenths of all.
  { precision: ({ name }) => (name.endsWith('/to_rgb/dense/kernel') ? 'uint8' : 'float16') },
);
even.dispose();
named.dispose();
model.dispose();
console.log(folder, scores);
