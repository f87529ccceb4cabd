import { Command } from 'commander';
import { completion } from '../commands/completion.js';
import { data } from '../commands/data.js';
import { evaluate } from '../commands/evaluate.js';
import { figure } from '../commands/figure.js';
import { generate } from '../commands/generate.js';
import { importModel } from '../commands/import.js';
import { interpolate } from '../commands/interpolate.js';
import { listen } from '../commands/listen.js';
import { midi } from '../commands/midi.js';
import { reconstruct } from '../commands/reconstruct.js';
import { report } from '../commands/report.js';
import { reproduce } from '../commands/reproduce.js';
import { scale } from '../commands/scale.js';
import { submit } from '../commands/submit.js';
import { sweep } from '../commands/sweep.js';
import { train } from '../commands/train.js';
import { demo } from '../commands/demo.js';
import { doctor } from '../commands/doctor.js';
import { project } from '../commands/project.js';
import { rainbowgram } from '../commands/rainbowgram.js';
import { recipes } from '../commands/recipes.js';
import { setup } from '../commands/setup.js';
import { examples } from './command.js';
import { packageVersion } from './version.js';

/** The whole command tree. Each command lives in its own file under commands/ and loads what it computes with only when it runs. */
export function createProgram(): Command {
  const program = new Command('gansynth')
    .description('Adversarial neural audio synthesis: prepare notes, train, generate, score, report.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)');
  for (const add of [
    demo,
    data,
    train,
    sweep,
    generate,
    interpolate,
    scale,
    midi,
    project,
    reconstruct,
    evaluate,
    reproduce,
    submit,
    listen,
    rainbowgram,
    figure,
    report,
    importModel,
    recipes,
    doctor,
    setup,
    completion,
  ])
    add(program);
  examples(program, [
    ['gansynth demo', 'Everything once, in minutes'],
    ['gansynth doctor', 'What runs on this machine, and how fast'],
    ['gansynth train mini/quick --data my-notes', 'Train a model; the same command goes on where it stopped'],
    ['gansynth generate --pitches C3-C5', 'Notes from a model'],
  ]);
  return program.addHelpText(
    'after',
    '\nExit status: 0 done, 1 unforeseen, 2 usage, 3 bad input, 4 machine (backend, disk), 5 run is busy, 6 diverged, 130 interrupted.',
  );
}
