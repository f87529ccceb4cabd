// Keeps of a comparison what is worth keeping: its page and ledger, its sounds, and of each finished training its model and what it was trained with.
//
//   gansynth reproduce --scale mini --to FOLDER
//   node docs/reproduction/keep.mjs FOLDER [where to, default: beside this script]
//
// Models are stored as float16, every tenth step of a long log stays, checkpoints and notes do not. A copy of trainings/ as FOLDER is taken up by
// the command above: it trains what is not there and scores all. What lies here was scored so, from such a copy. Expects a checkout that is
// built, and Debian's flac.
import { folderFiles, folderSink, layersModelFolder } from '@gansynth/model-files/node';
import { readModel, writeModel, writeWeights } from '@gansynth/model-files';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [from, to = dirname(fileURLToPath(import.meta.url))] = process.argv.slice(2);
const outcomes = join('results', 'trained');
if (from === undefined || !existsSync(join(from, outcomes)))
  throw new Error('expected the folder of a comparison with finished trainings');
rmSync(join(to, 'trainings'), { recursive: true, force: true });
for (const name of readdirSync(join(from, outcomes))) {
  const outcome = JSON.parse(readFileSync(join(from, outcomes, name), 'utf8'));
  mkdirSync(join(to, 'trainings', outcomes), { recursive: true });
  cpSync(join(from, outcomes, name), join(to, 'trainings', outcomes, name));
  if (outcome.run !== undefined) await keepTraining(join('runs', outcome.run));
}
// Of one that is scored.
if (existsSync(join(from, 'ledger.json'))) {
  for (const name of ['paper.html', 'ledger.json']) cpSync(join(from, name), join(to, name));
  keepSounds();
}

/** Notes of each row as one FLAC file. */
function keepSounds() {
  const sounds = join(to, 'sounds');
  rmSync(sounds, { recursive: true, force: true });
  mkdirSync(sounds);
  for (const row of readdirSync(join(from, 'sounds'))) {
    const notes = readdirSync(join(from, 'sounds', row))
      .filter((name) => name.endsWith('.wav'))
      .sort();
    const waves = notes.map((name) => readFileSync(join(from, 'sounds', row, name)));
    const samples = Buffer.concat(waves.map((wave) => wave.subarray(wave.indexOf('data') + 8)));
    execFileSync(
      'flac',
      [
        '--best',
        '--silent',
        '--force',
        '--force-raw-format',
        '--endian=little',
        '--sign=signed',
        '--channels=1',
        '--bps=16',
        '--sample-rate=16000',
        '-o',
        join(sounds, `${row}.flac`),
        '-',
      ],
      { input: samples },
    );
  }
}

/** A finished run without what only further training needs. */
async function keepTraining(run) {
  const [source, target] = [join(from, run), join(to, 'trainings', run)];
  mkdirSync(join(target, 'log'), { recursive: true });
  for (const name of ['recipe.json', 'data.json', 'environment.json', 'normaliser.json'])
    if (existsSync(join(source, name))) cpSync(join(source, name), join(target, name));
  const log = readFileSync(join(source, 'log', 'log.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean);
  let steps = 0;
  const thinned = log.length > 500;
  const kept = log.filter((line) => {
    const { type, folder } = JSON.parse(line);
    // A folder is that of a checkpoint or of samples, which is not kept.
    return folder === undefined && (!thinned || type !== 'step' || steps++ % 10 === 0);
  });
  writeFileSync(join(target, 'log', 'log.jsonl'), `${kept.join('\n')}\n`);
  await keepModel(join(source, 'model'), join(target, 'model'));
}

async function keepModel(folder, to) {
  const { manifest, weights } = await readModel(folderFiles(folder));
  const { format: _format, version: _version, files: _files, weights: groups, ...description } = manifest;
  // Kept once already.
  if (groups.some(({ weights: specs }) => specs.some(({ quantization }) => quantization)))
    return cpSync(folder, to, { recursive: true });
  const [sink, precision] = [folderSink(to), 'float16'];
  if (!existsSync(join(folder, 'model.json'))) return writeWeights(weights, sink, description, { precision });
  const artifacts = await layersModelFolder(folder).load();
  await writeModel({ save: (handler) => handler.save(artifacts) }, sink, description, { precision });
}
