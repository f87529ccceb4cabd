import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, real } from '../app/numbers.js';
import { checkOutputFile } from '../app/outputs.js';

interface ScoreOptions {
  readonly test?: string;
  readonly minimumAnswers: number;
  readonly tolerate: number;
  readonly keepFailed?: true;
  readonly out?: string;
}

/** `gansynth listen score` */
export function score(group: Command): void {
  const command = group
    .command('score')
    .argument('<answers...>', 'files of answers, folders of them, or the folder of a test')
    .description('wins as in figure 2 of the paper, whether they may be chance, and who did not listen')
    .option('--test <folder>', 'the test that was answered (default: the one beside the answers)')
    .option(
      '--minimum-answers <n>',
      'that every two models need before anything is decided',
      integer({ from: 1, to: 1_000_000 }),
      10,
    )
    .option('--tolerate <share>', 'of the catches may be missed by a listener who counts', real({ from: 0, to: 1 }), 0.2)
    .option('--keep-failed', 'count those who missed more, too')
    .option('-o, --out <file>', 'the scores as JSON');
  perform<ScoreOptions, readonly (readonly string[])[]>(command, run);
  examples(command, [
    ['gansynth listen score listening-test', 'All answers that were served'],
    ['gansynth listen score mail/*.json --test listening-test', 'Answers that came as files'],
  ]);
}

async function run(_context: Context, options: ScoreOptions, paths: readonly string[] = []): Promise<Result> {
  const { readKey } = await import('../listening/key.js');
  const { answerFiles, scoreAnswers, testFolderOf } = await import('../listening/score-answers.js');
  const { listeningText } = await import('../listening/score-text.js');
  const { writeJson } = await import('../runs/write-json.js');
  if (options.out !== undefined) checkOutputFile(options.out);
  const files = answerFiles(paths);
  const scored = scoreAnswers(readKey(options.test ?? testFolderOf(paths)), files, {
    minimumAnswers: options.minimumAnswers,
    toleratedMisses: options.tolerate,
    keepFailed: options.keepFailed === true,
  });
  if (options.out !== undefined) await writeJson(options.out, scored);
  const text = listeningText(scored);
  return { data: scored, text: options.out === undefined ? text : `${text}\nscores: ${options.out}` };
}
