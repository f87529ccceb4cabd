import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { examples, perform } from '../app/command.js';
import { setupFolder } from '../backend/setup-folder.js';

/** `gansynth setup tensorflow` */
export function setup(program: Command): void {
  const group = program.command('setup').description('make more backends run here');
  const command = group
    .command('tensorflow')
    .description(
      'compile the addon of tfjs-node against the libraries of an installed Python tensorflow (no Python runs)\n\n' +
        'tfjs-node 4.22 brings TensorFlow 2.9 and CUDA 11.2. Its addon also compiles against the libraries in a current pip package, ' +
        'and pip\'s GPU build (pip install "tensorflow[and-cuda]") brings a current CUDA with it. Needs g++ and about 250 MB.',
    )
    .requiredOption('--from <folder>', 'site-packages/tensorflow of that installation')
    .option('--into <folder>', 'where the addon goes (another place than the default: point GANSYNTH_TFJS_NODE at it)')
    .option('--again', 'fetch and build from scratch');
  perform<{ from: string; into?: string; again?: true }>(command, async ({ signal, progress }, options) => {
    const into = resolve(options.into ?? setupFolder());
    const { buildAddon, findTensorflow } = await import('../backend/build-addon.js');
    findTensorflow(options.from);
    if (options.again && existsSync(join(into, 'node_modules'))) rmSync(join(into, 'node_modules'), { recursive: true });
    const step = progress.start('setup tensorflow', 3);
    let steps = 0;
    const built = await buildAddon({ from: options.from, into, signal, onStep: (what) => step.update(steps++, what) });
    step.finish(built.detail);
    const variable = join(into, 'node_modules', '@tensorflow', 'tfjs-node');
    const found = into === setupFolder() ? 'Every command finds it by itself.' : `Set GANSYNTH_TFJS_NODE=${variable}`;
    return { data: { ...built, tfjsNode: variable }, text: `tensorflow runs: ${built.detail}, in ${built.folder}. ${found}` };
  });
  examples(command, [
    [
      'gansynth setup tensorflow --from ~/venv/lib/python3.11/site-packages/tensorflow',
      'Use the TensorFlow of a virtual environment',
    ],
  ]);
}
