import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Option, type Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { UsageError } from '../app/errors.js';
import { givenOptions } from '../app/given-options.js';
import { integer, real, seed, trainingSteps } from '../app/numbers.js';
import { checkOutputFile, checkOutputFolder } from '../app/outputs.js';
import type { Evaluation } from '../pipeline/evaluation.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';
import { shardOption, theShare, type ShardOptions } from '../shares/shard-option.js';

interface EvaluateOptions extends VoiceOptions, ShardOptions {
  readonly data?: string;
  readonly count?: number;
  readonly holdOut?: number;
  readonly seed: number;
  readonly classifier: 'small' | 'original';
  readonly classifierSteps: number;
  readonly untrained: boolean;
  readonly paper?: true;
  readonly merge?: string[];
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
    .addOption(shardOption('hear only a part of the notes, and write down what scores are computed from'))
    .option('--merge <paths...>', 'score what the shares have heard: their folder, or their files')
    .option(
      '-o, --out <path>',
      'the scores as JSON (default: scores.json in the run, or beside you); of a share, a folder (default: scores-shares there)',
    );
  command.hook('preAction', checkMerge);
  // It may be teaching a classifier.
  perform<EvaluateOptions>(command, run, { savesWhenStopped: true });
  examples(command, [
    ['gansynth evaluate --model if-mel-3f2a91c0 --data my-notes', 'Score a run'],
    ['gansynth evaluate --data my-notes --hold-out 0.5 --paper', 'Score the shipped model on your notes, the paper beside it'],
    ['gansynth evaluate --model if-mel-3f2a91c0 --shard 0/4', "The first of four machines' part"],
    ['gansynth evaluate --merge runs/if-mel-3f2a91c0/scores-shares', 'The scores, once all four are there'],
  ]);
}

/** What matters beside --merge. */
const ofMerge = new Set(['merge', 'paper', 'out', 'json', 'quiet']);

/** @throws UsageError where --merge was given with an option that means nothing to it */
function checkMerge(command: Command): void {
  const given = givenOptions(command);
  if (!given.some((option) => option.attributeName() === 'merge')) return;
  const other = given.find((option) => !ofMerge.has(option.attributeName()));
  if (other === undefined) return;
  throw new UsageError(
    `expected --merge without ${other.long}: shares know what they were made of. Leave it out.`,
    command.getOptionValue(other.attributeName()),
  );
}

async function run(context: Context, options: EvaluateOptions): Promise<Result> {
  const { useVoice } = await import('../pipeline/voice-options.js');
  const { parseKeptRecipe } = await import('../recipes/parse.js');
  if (options.merge !== undefined) {
    if (options.out !== undefined) checkOutputFile(options.out);
    const { mergeEvaluation } = await import('../pipeline/merge-evaluation.js');
    return scored(await mergeEvaluation(options.merge, context), options);
  }
  const share = theShare(options);
  if (options.out !== undefined) (share.of === 1 ? checkOutputFile : checkOutputFolder)(options.out);
  return useVoice(context, options, async (voice) => {
    const recipe = parseKeptRecipe(voice.manifest.details?.['recipe'] ?? { name: 'unknown' }, 'the model');
    const how = {
      data: options.data,
      count: options.count,
      holdOut: options.holdOut,
      seed: options.seed,
      precision: options.precision,
      untrained: options.untrained,
      classifier: { kind: options.classifier, steps: options.classifierSteps, folder: join(options.runs, 'classifiers') },
    };
    if (share.of === 1) {
      const { evaluate: score } = await import('../pipeline/evaluate.js');
      return scored(await score(voice, recipe.data, context, how), options);
    }
    const { evaluateShare } = await import('../pipeline/evaluate-share.js');
    const { describeMissing, nameOfShare } = await import('../shares/describe-share.js');
    const to = options.out ?? placeFor(voice.source, 'scores-shares');
    const made = await evaluateShare(voice, recipe.data, context, { ...how, share, to });
    const text = [
      `${nameOfShare(share)}: ${made.notes} of ${made.of} notes of each set${made.before ? ', as before' : ''}`,
      ...(made.missing.length === 0 ? [] : [describeMissing(made.missing, share, 'they can be scored')]),
      `scores: gansynth evaluate --merge ${to}`,
    ];
    return { data: { folder: to, share, ...made }, text: text.join('\n') };
  });
}

/** Where what is known of a model goes: into its run, else beside the user. */
function placeFor(model: string, name: string): string {
  const run = dirname(model);
  const ofRun = existsSync(join(run, 'recipe.json')) && existsSync(join(run, 'environment.json'));
  return ofRun ? join(run, name) : name;
}

async function scored(evaluation: Evaluation, options: EvaluateOptions): Promise<Result> {
  const { describeAccuracy } = await import('../pipeline/classifier.js');
  const { writeJson } = await import('../runs/write-json.js');
  const { table } = await import('../app/table.js');
  const { paperRows, scoreHeadings, scoreRows } = await import('../reports/score-table.js');
  const out = options.out ?? placeFor(evaluation.model, 'scores.json');
  await writeJson(out, evaluation);
  const rows = [[...scoreHeadings], ...scoreRows(evaluation), ...(options.paper ? paperRows() : [])];
  const { conditions, frechetDistance } = evaluation.trained;
  const bias = frechetDistance.bias === null ? '' : `; FID is about ${frechetDistance.bias.toPrecision(2)} too large for so few`;
  const text = [
    table(rows),
    '',
    `${conditions.generatedCount} notes each against ${conditions.referenceCount} real ones${bias}`,
    `classifier: ${describeAccuracy(evaluation.classifier)} (${evaluation.classifier.folder})`,
    `scores: ${out}`,
  ];
  return { data: { ...evaluation, file: out }, text: text.join('\n') };
}
