import type { Command } from 'commander';
import { examples, perform } from '../app/command.js';

/** `gansynth report <run>` */
export function report(program: Command): void {
  const command = program
    .command('report')
    .argument('<run>', 'a run: folder, id, or the beginning of its id')
    .description("one self-contained HTML page about a run: curves, scores beside the paper's, players, rainbowgrams")
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('-o, --out <file>', 'the page (default: report.html in the run)');
  perform<{ runs: string; out?: string }>(command, async (_context, { runs, out }, name) => {
    const { findRun } = await import('../runs/run.js');
    const { runReport } = await import('../reports/run-report.js');
    const { writeAtomically } = await import('../runs/atomic.js');
    const run = findRun(name as string, runs);
    const file = out ?? run.paths.report;
    const html = runReport(run);
    writeAtomically(file, html);
    return {
      data: { run: run.id, file, bytes: Buffer.byteLength(html) },
      text: `${file}: ${(Buffer.byteLength(html) / 1e6).toFixed(1)} MB, opens from disk`,
    };
  });
  examples(command, [['gansynth report if-mel-3f2a91c0', 'Then open runs/if-mel-3f2a91c0/report.html']]);
}
