#!/usr/bin/env node
// Renders the notes that ship in demo-notes/ from a SoundFont with the program `fluidsynth`:
//   node tools/render-demo-notes.mjs /usr/share/sounds/sf2/FluidR3_GM.sf2
// FluidR3 GM is under the MIT licence (demo-notes/LICENSE-FluidR3.txt). Rendered at 48 kHz without reverb or chorus, low-passed and
// decimated to 16 kHz, peak at 0.9, one second with the note let go after 0.8 s.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [soundFont] = process.argv.slice(2);
if (soundFont === undefined) throw new Error('usage: render-demo-notes.mjs <SoundFont>');
const folder = fileURLToPath(new URL('../demo-notes/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'demo-notes-'));

/** General MIDI program, name, NSynth's number of its family. */
const instruments = [
  { program: 12, family: 'mallet', number: 5 },
  { program: 19, family: 'organ', number: 6 },
  { program: 71, family: 'reed', number: 7 },
];
const pitches = Array.from({ length: 13 }, (_, i) => 60 + i);
const velocity = 100;
const [seconds, held, rate, factor] = [1, 0.8, 16_000, 3];

/** A MIDI file of one note: 480 ticks a quarter, 120 quarters a minute, so 960 ticks a second. */
function midi(program, pitch) {
  const ticks = Math.round(held * 960);
  const track = [0, 0xc0, program, 0, 0x90, pitch, velocity, 0x80 | (ticks >> 7), ticks & 0x7f, 0x80, pitch, 0];
  // Silence after it, so that the program renders the release.
  track.push(0x87, 0x40, 0xff, 0x2f, 0);
  const header = [...Buffer.from('MThd'), 0, 0, 0, 6, 0, 0, 0, 1, 480 >> 8, 480 & 0xff];
  return Buffer.from([...header, ...Buffer.from('MTrk'), 0, 0, 0, track.length, ...track]);
}

/** Hann-windowed sinc, cut off at 0.45 of the new rate. */
const taps = Array.from({ length: 191 }, (_, i) => {
  const n = i - 95;
  const x = (2 * 0.45 * n) / factor;
  const sinc = n === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  return ((2 * 0.45) / factor) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * n) / 96));
});

function render(program, pitch) {
  const [song, raw] = [join(work, 'note.mid'), join(work, 'note.raw')];
  writeFileSync(song, midi(program, pitch));
  const options = ['-ni', '-R', '0', '-C', '0', '-g', '0.6', '-r', String(rate * factor), '-O', 's16', '-T', 'raw', '-F', raw];
  execFileSync('fluidsynth', [...options, soundFont, song], { stdio: 'ignore' });
  const stereo = readFileSync(raw);
  const sample = (n) =>
    n < 0 || 4 * n + 3 >= stereo.length ? 0 : (stereo.readInt16LE(4 * n) + stereo.readInt16LE(4 * n + 2)) / 65536;
  const audio = Float64Array.from({ length: seconds * rate }, (_, m) =>
    taps.reduce((sum, tap, i) => sum + tap * sample(m * factor + i - 95), 0),
  );
  const peak = audio.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return audio.map((value) => (0.9 * value) / peak);
}

function wav(audio) {
  const bytes = Buffer.alloc(44 + 2 * audio.length);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(2 * audio.length, 40);
  audio.forEach((value, i) => bytes.writeInt16LE(Math.round(value * 32767), 44 + 2 * i));
  return bytes;
}

mkdirSync(join(folder, 'audio'), { recursive: true });
const examples = {};
let note = 2_000_000;
for (const { program, family, number } of instruments) {
  const instrument_str = `${family}_acoustic_${800 + program}`;
  for (const pitch of pitches) {
    const note_str = `${instrument_str}-${String(pitch).padStart(3, '0')}-${velocity}`;
    writeFileSync(join(folder, 'audio', `${note_str}.wav`), wav(render(program, pitch)));
    examples[note_str] = {
      note: note++,
      note_str,
      instrument: 2000 + program,
      instrument_str,
      pitch,
      velocity,
      sample_rate: rate,
      qualities: Array.from({ length: 10 }, () => 0),
      qualities_str: [],
      instrument_family: number,
      instrument_family_str: family,
      instrument_source: 0,
      instrument_source_str: 'acoustic',
    };
  }
}
writeFileSync(join(folder, 'examples.json'), `${JSON.stringify(examples, null, 1)}\n`);
console.log(`${Object.keys(examples).length} notes in ${folder}`);
