import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks, installAlone, nodeBinary, packages, root } from './workspace.js';

/** What third parties print: the advice of tfjs-core to install tfjs-node. */
const foreign = /^(=+|Hi, looks like you are running TensorFlow\.js in Node\.js\..*|)$/;
const ours = (stderr: string): string[] => stderr.split('\n').filter((line) => !foreign.test(line.trim()));

interface Binary {
  readonly major: number;
  readonly binary: string;
}

/** Of the majors that are supported, this Node, and of the others those that can be had from npm here. */
const binaries: readonly Binary[] = [20, 22, 24].flatMap((major) => {
  const binary = nodeBinary(major);
  return binary === undefined ? [] : [{ major, binary }];
});
const [own, others] = [true, false].map((isOwn) => binaries.filter(({ binary }) => (binary === process.execPath) === isOwn));

/** This Node for every program, and the others by turns. */
const binariesFor = (program: number): readonly Binary[] =>
  others!.length === 0 ? own! : [...own!, others![program % others!.length]!];

function diagnostics(files: string[]): string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    typeRoots: [join(root, 'node_modules/@types')],
    types: ['node'],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
}

const published = packages.filter(({ manifest }) => !manifest.private);

describe.each(published.map((one, place) => ({ ...one, place })))(
  'README of $manifest.name, package installed alone',
  ({ folder, directory, place }) => {
    const readme = join(directory, 'README.md');
    const runnable = codeBlocks(readme, 'js');
    let home: string;
    beforeAll(() => {
      home = installAlone(folder);
    });

    it('shows a program that runs', () => {
      expect(existsSync(readme)).toBe(true);
      expect(runnable.length).toBeGreaterThan(0);
    });

    it('has code that compiles', () => {
      // What is installed for the application suffices for the README of them all.
      const front = folder === 'cli' ? codeBlocks(join(root, 'README.md'), 'ts') : [];
      const files = [...runnable, ...codeBlocks(readme, 'ts'), ...front].map(({ line, code }, index) => {
        const file = join(home, `readme-${index}-line-${line}.ts`);
        writeFileSync(file, code);
        return file;
      });
      expect(diagnostics(files)).toEqual([]);
    });

    const cases = runnable.flatMap((block, index) => binariesFor(place + index).map((binary) => ({ ...block, ...binary })));
    it.for(cases)('runs the program of line $line on Node $major, silent on stderr', ({ line, code, major, binary }) => {
      const work = join(home, `node-${major}-line-${line}`);
      mkdirSync(work, { recursive: true });
      const file = join(work, 'example.mjs');
      writeFileSync(file, code);
      const { status, stderr, stdout, error } = spawnSync(binary, [file], { cwd: work, encoding: 'utf8', timeout: 120_000 });
      expect({ status, error, stderr: ours(stderr), stdout: status === 0 ? '' : stdout }).toEqual({
        status: 0,
        error: undefined,
        stderr: [],
        stdout: '',
      });
    });
  },
);
