import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { checkOutputFile } from '../app/outputs.js';
import { withBackend, type BackendOptions } from '../backend/options.js';

interface ReportOptions extends BackendOptions {
  readonly runs: string;
  readonly out?: string;
}

/** `gansynth report <run>` */
export function report(program: Command): void {
  const command = withBackend(program.command('report').argument('<run>', 'a run: folder, id, or the beginning of its id'))
    .description(
      "one self-contained HTML page about a run: curves, scores beside the paper's, players, rainbowgrams; renders notes where the run has " +
        'a model and none of them yet',
    )
    .option('--runs <folder>', 'where runs are kept', 'runs')
    .option('-o, --out <file>', 'the page (default: report.html in the run)');
  perform<ReportOptions>(command, run);
  examples(command, [['gansynth report if-mel-3f2a91c0', 'Then open runs/if-mel-3f2a91c0/report.html']]);
}

async function run(context: Context, options: ReportOptions, name: string): Promise<Result> {
  const { findRun } = await import('../runs/run.js');
  const { runReport } = await import('../reports/run-report.js');
  const { hasSamples } = await import('../runs/samples.js');
  const { replaceFile } = await import('@gansynth/common/node');
  const found = findRun(name, options.runs);
  const file = options.out ?? found.paths.report;
  checkOutputFile(file);
  if (found.recipe.saving.samples > 0 && !hasSamples(found)) {
    const { sampleModel } = await import('../pipeline/sample-model.js');
    await sampleModel(found, context, options);
  }
  const { html, leftOut } = runReport(found);
  await replaceFile(file, html);
  for (const line of leftOut) context.note(line);
  const bytes = Buffer.byteLength(html);
  return {
    data: { run: found.id, file, bytes, leftOut },
    text: `${file}: ${(bytes / 1e6).toFixed(1)} MB, opens from disk${leftOut.length === 0 ? '' : `, without ${leftOut.length} damaged parts`}`,
  };
}
