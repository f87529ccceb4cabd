import { Option, type Command } from 'commander';
import type { NoteFilter } from '@gansynth/nsynth-data';
import { examples, perform } from '../app/command.js';
import { real, seed } from '../app/numbers.js';
import { checkOutputFile } from '../app/outputs.js';
import { replaceFile } from '@gansynth/common/node';

interface SplitOptions {
  readonly out: string;
  readonly by: 'note' | 'instrument';
  readonly train: number;
  readonly seed: number;
  readonly paper?: true;
}

/** `gansynth data split <path>` */
export function split(group: Command): void {
  const command = group
    .command('split')
    .argument('<path>', 'a collection')
    .description('write a split file (id,split), to be shared and named in recipes')
    .option('-o, --out <file>', 'the CSV', 'split.csv')
    .addOption(
      new Option('--by <what>', 'shuffle single notes, or whole instruments').choices(['note', 'instrument']).default('note'),
    )
    .option('--train <share>', 'share of the training part', real({ above: 0, below: 1 }), 0.8)
    .option('--seed <n>', 'of the shuffle', seed, 0)
    .option('--paper', "only the paper's subset: acoustic, MIDI 24 to 84");
  perform<SplitOptions>(command, async (context, { out, by, train, seed: shuffle, paper }, path) => {
    checkOutputFile(out);
    const { paperSubset } = await import('@gansynth/nsynth-data');
    const { openCollection } = await import('../pipeline/open-notes.js');
    const dataset = await openCollection(path, context);
    try {
      const chosen = dataset.filter(paper ? paperSubset : ({} satisfies NoteFilter));
      const parts = chosen.split({ by, seed: shuffle, parts: { train, test: 1 - train } });
      const lines = Object.entries(parts).flatMap(([name, part]) => [...part.listing()].map(({ id }) => `${id},${name}`));
      await replaceFile(out, `id,split\n${lines.join('\n')}\n`);
      const sizes = { train: parts.train.length, test: parts.test.length };
      return { data: { file: out, ...sizes }, text: `${out}: ${sizes.train} notes to train on, ${sizes.test} to test on` };
    } finally {
      await dataset.close();
    }
  });
  examples(command, [['gansynth data split my-notes --by instrument --seed 3', 'No instrument in both parts']]);
}
