import { join, relative } from 'node:path';
import { Option, type Command } from 'commander';
import { examples, perform } from '../app/command.js';
import { table } from '../app/table.js';
import { checkOutputFolder } from '../app/outputs.js';
import { minutes, trainingSteps } from '../app/numbers.js';
import { thisProgram } from '../app/this-program.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';

interface DemoCommandOptions extends BackendOptions {
  readonly out: string;
  readonly minutes: number;
  readonly recipe: string;
  readonly classifierSteps: number;
}

/** `gansynth demo` */
export function demo(program: Command): void {
  const command = withBackend(program.command('demo'))
    .description('everything once: real notes, a short training, stopped and resumed; notes, a melody, scores, a report page')
    .option('-o, --out <folder>', 'where it all goes; the same command again goes on in it', 'gansynth-demo')
    .option('--minutes <n>', 'of training', minutes, 2)
    .addOption(new Option('--recipe <recipe>', 'another recipe').default('mini/demo').hideHelp())
    .addOption(
      new Option('--classifier-steps <n>', 'batches the pitch classifier learns from')
        .argParser(trainingSteps)
        .default(120)
        .hideHelp(),
    );
  perform<DemoCommandOptions>(
    command,
    async (context, options) => {
      checkOutputFolder(options.out);
      const began = performance.now();
      const { runDemo } = await import('../pipeline/demo.js');
      const { scoreHeadings, scoreRows } = await import('../reports/score-table.js');
      const { duration } = await import('../app/progress.js');
      context.keeps(`What there is, is in ${options.out}; the same command goes on.`);
      const backend = await startBackend(context, options);
      const found = await runDemo(backend, context, options);
      const { run, evaluation } = found;
      const text = [
        table([[...scoreHeadings], ...scoreRows(evaluation)]),
        '(against the notes it was trained on: 39 are too few to hold any out)',
        '',
        `Done in ${duration((performance.now() - began) / 1000)}. What lies where:`,
        table(
          [
            ...found.folders.map(({ what, path }) => [what, path]),
            ['the melody, for gansynth midi', join(options.out, 'melody.mid')],
            ['the report: open it in a browser', found.report],
            [`the run: ${run.done} ${run.unit} in ${duration(run.seconds)}`, relative('', run.folder)],
            ['its model', relative('', run.model)],
            ['the 39 real notes', found.notes],
          ],
          '  ',
        ),
        '',
        'Two minutes make a rough model. To go on: the same command again, or',
        `  ${thisProgram()} train mini/quick --data <your notes>`,
      ];
      return { data: found, text: text.join('\n') };
    },
    { savesWhenStopped: true },
  );
  examples(command, [['gansynth demo', 'Then open gansynth-demo/report.html']]);
}
