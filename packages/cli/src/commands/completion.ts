import { Argument, type Command } from 'commander';
import { examples } from '../app/command.js';
import { completionScript, type Shell } from '../app/completion.js';

/** `gansynth completion <shell>` */
export function completion(program: Command): void {
  const command = program
    .command('completion')
    .description('print a completion script for your shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action((shell: Shell) => void process.stdout.write(completionScript(program, shell)));
  examples(command, [
    ['source <(gansynth completion bash)', 'In ~/.bashrc or ~/.zshrc (there with zsh)'],
    ['gansynth completion fish > ~/.config/fish/completions/gansynth.fish', 'For fish'],
  ]);
}
