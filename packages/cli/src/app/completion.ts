import type { Command } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';

interface Node {
  /** The words before, joined: "", "data", "data import". */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly description: string }[];
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replaceAll(/['"`$\\:]/g, '');

/** The command tree, flattened: for each path of commands what may follow. */
function tree(command: Command, path: readonly string[] = []): Node[] {
  const commands = command.commands.filter((sub) => !(sub as { _hidden?: boolean })._hidden);
  const options = [...command.options.filter((option) => !option.hidden), command.createOption('--help', 'help')];
  const words = [
    ...commands.map((sub) => ({ word: sub.name(), description: firstLine(sub.description()) })),
    ...options.flatMap((option) => (option.long ? [{ word: option.long, description: firstLine(option.description) }] : [])),
  ];
  return [{ path: path.join(' '), words }, ...commands.flatMap((sub) => tree(sub, [...path, sub.name()]))];
}

/** A completion script for the whole command tree, made from the tree itself. Files complete where no word fits. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = tree(program);
  const name = program.name();
  if (shell === 'fish') {
    const lines = nodes.flatMap(({ path, words }) =>
      words.map(({ word, description }) => {
        const last = path.split(' ').at(-1) ?? '';
        const condition = path === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${last}`;
        const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
        return `complete -c ${name} -n '${condition}' ${what} -d '${description}'`;
      }),
    );
    return `${lines.join('\n')}\n`;
  }
  const cases = nodes.map(({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`).join('\n');
  const known = nodes
    .filter(({ path }) => path !== '')
    .map(({ path }) => `'${path}'`)
    .join('|');
  const script = `_${name}() {
  local path='' word words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "\${path:+$path }$word" in ${known}) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`;
  return shell === 'bash' ? script : `autoload -U +X bashcompinit && bashcompinit\n${script}`;
}
