import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { examples, perform } from '../app/command.js';
import { checkOutputFile } from '../app/outputs.js';

interface Out {
  readonly out: string;
}

type Files = readonly (readonly string[])[];

/** `gansynth figure wins <scores>` */
export function wins(group: Command): void {
  const command = group
    .command('wins')
    .argument('<scores>', 'what gansynth listen score -o has written, or answers of a test')
    .description('figure 2: wins in a listening test, the paper beside')
    .option('-o, --out <file>', 'the SVG', 'wins.svg');
  perform<Out>(command, async (_context, { out }, path = '') => {
    const { drawWins } = await import('../figures/of-scores.js');
    const { saveFigure } = await import('../figures/save-figure.js');
    const { answerFiles, isScoredListening, scoreAnswers, testFolderOf } = await import('../listening/score-answers.js');
    const { readKey } = await import('../listening/key.js');
    const { readJson } = await import('../recipes/library.js');
    checkOutputFile(out);
    const files = answerFiles([path]);
    const found = files.length === 1 ? readJson(files[0]!) : undefined;
    const { score } = isScoredListening(found) ? found : scoreAnswers(readKey(testFolderOf([path])), files);
    return saveFigure(out, drawWins(score));
  });
  examples(command, [['gansynth figure wins listening-test', 'Of the answers that came in']]);
}

/** `gansynth figure bins <scores...>` */
export function bins(group: Command): void {
  const command = group
    .command('bins')
    .argument('<scores...>', 'what gansynth evaluate has written: scores.json of runs, as name=file or file')
    .description('figures 5 and 6: the share of notes in each bin, models over real data')
    .option('-o, --out <file>', 'the SVG', 'bins.svg');
  perform<Out, Files>(command, async (_context, { out }, files = []) => {
    const { drawBins } = await import('../figures/of-scores.js');
    const { saveFigure } = await import('../figures/save-figure.js');
    const { checkNames, sourceName } = await import('../pipeline/source-names.js');
    const { isEvaluation } = await import('../reports/parts.js');
    const { readJsonOf } = await import('../runs/read-json-of.js');
    checkOutputFile(out);
    const named = checkNames(files.map((given) => sourceName(given, (file) => basename(dirname(file)))));
    const rows = named.flatMap(({ name, where }, at) => {
      const { trained, real } = readJsonOf(where, isEvaluation);
      const row = { name, ndb: trained.ndb };
      // Real notes against real ones say what a perfect model would get: once, of the first.
      return at === 0 && real !== null ? [{ name: 'other real notes', ndb: real.ndb }, row] : [row];
    });
    return saveFigure(out, drawBins(rows));
  });
  examples(command, [
    ['gansynth figure bins IF=runs/if-3f2a/scores.json WaveGAN=runs/wavegan-77c0/scores.json', 'Two runs, one above the other'],
  ]);
}
