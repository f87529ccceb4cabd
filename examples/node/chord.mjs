// Three notes of the shipped model, mixed, as a WAV file:  node examples/node/chord.mjs flute C4,E4,G4 chord.wav
import { modelMini } from '@gansynth/model-mini';
import { encodeWav, openVoice } from '@gansynth/voice';
import { writeFileSync } from 'node:fs';

const [timbre = 'flute', names = 'C4,E4,G4', file = 'chord.wav'] = process.argv.slice(2);

const voice = await openVoice(modelMini);
const notes = await voice.notes(names.split(','), { timbre });
const mix = notes[0].map((_, i) => notes.reduce((sum, note) => sum + note[i], 0) / notes.length);

writeFileSync(file, encodeWav(mix, voice.sampleRate));
console.log(`${file}: ${(mix.length / voice.sampleRate).toFixed(1)} s of ${names} by the ${timbre}`);
