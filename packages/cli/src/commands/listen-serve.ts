import { once } from 'node:events';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer } from '../app/numbers.js';

interface ServeOptions {
  readonly host: string;
  readonly port: number;
}

/** `gansynth listen serve` */
export function serve(group: Command): void {
  const command = group
    .command('serve')
    .argument('[folder]', 'a listening test', 'listening-test')
    .description('the page of a listening test for browsers; answers are kept in its folder as they come')
    .option('--host <address>', 'who may come: this machine alone, or 0.0.0.0 for the network', '127.0.0.1')
    .option('--port <n>', '0 for any', integer({ from: 0, to: 65_535 }), 8642);
  perform<ServeOptions>(command, run, { savesWhenStopped: true });
  examples(command, [['gansynth listen serve my-test --host 0.0.0.0', 'For the machines of a laboratory; stop it with Ctrl-C']]);
}

async function run(context: Context, { host, port }: ServeOptions, folder = 'listening-test'): Promise<Result> {
  const { serveTest } = await import('../listening/serve.js');
  const listeners = new Set<string>();
  context.keeps('No answers came in.');
  const server = await serveTest(folder, {
    host,
    port,
    onAnswers: ({ listener, answers }) => {
      listeners.add(listener);
      context.keeps(`Answers of ${listeners.size} listeners came in; they are in ${folder}/answers.`);
      context.note(`${listener}: ${answers.length} answers`);
    },
  });
  context.note(`${server.url} - stop with Ctrl-C`);
  try {
    if (!context.signal.aborted) await once(context.signal, 'abort');
  } finally {
    await server.close();
  }
  return { data: { url: server.url, listeners: listeners.size } };
}
