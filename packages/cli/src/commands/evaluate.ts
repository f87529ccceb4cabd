import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, real, seed, trainingSteps } from '../app/numbers.js';
import { checkOutputFile } from '../app/outputs.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';

interface EvaluateOptions extends VoiceOptions {
  readonly data?: string;
  readonly count?: number;
  readonly holdOut?: number;
  readonly seed: number;
  readonly classifier: 'small' | 'original';
  readonly classifierSteps: number;
  readonly untrained: boolean;
  readonly paper?: true;
  readonly out?: string;
}

/** `gansynth evaluate` */
export function evaluate(program: Command): void {
  const command = withVoice(program.command('evaluate'))
    .description(
      "the paper's five scores of a model, beside real notes and an untrained generator; teaches the pitch classifier first",
    )
    .option('--data <path>', "the notes it was trained on (default: data.path of the model's recipe)")
    .option('--count <n>', 'notes to score (default: as many as are held out)', integer({ from: 20, to: 10_000_000 }))
    .option(
      '--hold-out <share>',
      'of the notes, 0 to 1, is what is compared with; the rest teaches the classifier (default: as the recipe splits)',
      real({ above: 0, below: 1 }),
    )
    .option('--seed <n>', 'of latents, bins, and the classifier', seed, 0)
    .addOption(
      new Option('--classifier <kind>', 'minutes on a CPU, or the original network')
        .choices(['small', 'original'])
        .default('small'),
    )
    .option('--classifier-steps <n>', 'batches of 32 notes it learns from', trainingSteps, 600)
    .option('--no-untrained', 'leave out the untrained generator')
    .option('--paper', "print the paper's published rows below")
    .option('-o, --out <file>', 'the scores as JSON (default: scores.json in the run, or beside you)');
  perform<EvaluateOptions>(command, run);
  examples(command, [
    ['gansynth evaluate --model if-mel-3f2a91c0 --data my-notes', 'Score a run'],
    ['gansynth evaluate --data my-notes --hold-out 0.5 --paper', 'Score the shipped model on your notes, the paper beside it'],
  ]);
}

async function run(context: Context, options: EvaluateOptions): Promise<Result> {
  const { useVoice } = await import('../pipeline/voice-options.js');
  const { evaluate: score } = await import('../pipeline/evaluate.js');
  const { describeAccuracy } = await import('../pipeline/classifier.js');
  const { parseKeptRecipe } = await import('../recipes/parse.js');
  const { writeJson } = await import('../runs/write-json.js');
  const { table } = await import('../app/table.js');
  const { paperRows, scoreHeadings, scoreRows } = await import('../reports/score-table.js');
  if (options.out !== undefined) checkOutputFile(options.out);
  return useVoice(context, options, async (voice) => {
    const recipe = parseKeptRecipe(voice.manifest.details?.['recipe'] ?? { name: 'unknown' }, 'the model');
    const evaluation = await score(voice, recipe.data, context, {
      data: options.data,
      count: options.count,
      holdOut: options.holdOut,
      seed: options.seed,
      untrained: options.untrained,
      classifier: { kind: options.classifier, steps: options.classifierSteps, folder: join(options.runs, 'classifiers') },
    });
    const run = dirname(voice.source);
    const ofRun = existsSync(join(run, 'recipe.json')) && existsSync(join(run, 'environment.json'));
    const out = options.out ?? (ofRun ? join(run, 'scores.json') : 'scores.json');
    await writeJson(out, evaluation);
    const rows = [[...scoreHeadings], ...scoreRows(evaluation), ...(options.paper ? paperRows() : [])];
    const { conditions, frechetDistance } = evaluation.trained;
    const bias =
      frechetDistance.bias === null ? '' : `; FID is about ${frechetDistance.bias.toPrecision(2)} too large for so few`;
    const text = [
      table(rows),
      '',
      `${conditions.generatedCount} notes each against ${conditions.referenceCount} real ones${bias}`,
      `classifier: ${describeAccuracy(evaluation.classifier)} (${evaluation.classifier.folder})`,
      `scores: ${out}`,
    ];
    return { data: { ...evaluation, file: out }, text: text.join('\n') };
  });
}
