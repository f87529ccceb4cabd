import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

export interface Package {
  /** Folder name under packages/. */
  readonly folder: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

export const packages: readonly Package[] = readdirSync(join(root, 'packages')).map((folder) => {
  const directory = join(root, 'packages', folder);
  return { folder, directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest };
});

const temporary = mkdtempSync(join(tmpdir(), 'gansynth-gates-'));

function run(command: string, args: readonly string[], cwd?: string, timeout?: number): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26, cwd, timeout });
}

const tarballs = new Map<string, string>();

/** Packs a built package as it would be published; once per process. */
export function pack(folder: string): string {
  const known = tarballs.get(folder);
  if (known !== undefined) return known;
  const directory = join(root, 'packages', folder);
  if (!existsSync(join(directory, 'dist'))) throw new Error(`gates: packages/${folder} is not built. Run: npm run build`);
  const name = run('npm', ['pack', '--silent', '--pack-destination', temporary], directory).trim();
  const tarball = join(temporary, name.split('\n').at(-1)!);
  tarballs.set(folder, tarball);
  return tarball;
}

/** The package and every @gansynth package below it. */
function withOurs(folder: string): Package[] {
  const found = packages.find((candidate) => candidate.folder === folder)!;
  const below = Object.keys(found.manifest.dependencies ?? {}).filter((name) => name.startsWith('@gansynth/'));
  return [found, ...below.flatMap((name) => withOurs(name.slice('@gansynth/'.length)))];
}

/** Packages of models that a package is developed with. */
const modelsFor = (folder: string): Package[] =>
  packages.filter(({ manifest }) => {
    const user = packages.find((candidate) => candidate.folder === folder);
    return manifest.exports?.['./gansynth.json'] !== undefined && manifest.name in { ...user?.manifest.devDependencies };
  });

/**
 * An empty folder into which one packed package is installed as a user would: its tarball, the tarballs of our packages it depends on,
 * the models its README plays, its required peers, and the two backends that need nothing but npm where it works on tensors.
 */
export function installAlone(folder: string): string {
  const directory = join(temporary, `use-${folder}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: `use-${folder}`, private: true, type: 'module' }));
  const ours = [...withOurs(folder), ...modelsFor(folder)];
  const peers: Record<string, string> = {};
  for (const { manifest } of ours) {
    for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
      if (!manifest.peerDependenciesMeta?.[name]?.optional) peers[name] = range;
    }
  }
  if ('@tensorflow/tfjs-core' in peers) {
    for (const backend of ['cpu', 'wasm'])
      peers[`@tensorflow/tfjs-backend-${backend}`] = peers['@tensorflow/tfjs-core'] as string;
  }
  const wanted = [
    ...new Set(ours.map((one) => pack(one.folder))),
    ...Object.entries(peers).map(([name, range]) => `${name}@${range}`),
  ];
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], directory);
  return directory;
}

/** Path of a Node of the given major version, fetched once from npm (package `node`); undefined where it cannot be had. */
export function nodeBinary(major: number): string | undefined {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const directory = join(root, 'node_modules', '.cache', `node-${major}`);
  const binary = join(directory, 'node_modules', '.bin', 'node');
  try {
    if (!existsSync(binary)) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true }));
      run('npm', ['install', '--no-audit', '--no-fund', `node@${major}`], directory);
    }
    run(binary, ['--version']);
    return binary;
  } catch {
    return undefined;
  }
}

const runtimeVersions = { deno: '2.9.6', bun: '1.4.5' } as const;

/** Milliseconds that a runtime may take to be fetched, or to start. */
const patience = 120_000;

function runs(binary: string): boolean {
  try {
    return run(binary, ['--version'], undefined, patience) !== '';
  } catch {
    return false;
  }
}

/**
 * Path of another runtime, the one on the PATH or a fixed version fetched once from npm (packages `deno`, `bun`); undefined where it cannot be
 * had.
 */
export function runtimeBinary(name: 'deno' | 'bun'): string | undefined {
  const version = runtimeVersions[name];
  const directory = join(root, 'node_modules', '.cache', `${name}-${version}`);
  const binary = join(directory, 'node_modules', '.bin', name);
  if (runs(name)) return name;
  if (runs(binary)) return binary;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true }));
    run('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], directory, patience);
    // What npm runs after an install only where it is allowed to.
    const after = { deno: 'install.cjs', bun: 'install.js' }[name];
    run(process.execPath, [join(directory, 'node_modules', name, after)], undefined, patience);
  } catch {
    // Whether it runs all the same, it says itself.
  }
  return runs(binary) ? binary : undefined;
}

/** Fenced code blocks of a Markdown file in one language, with the line each starts on. */
export function codeBlocks(file: string, language: string): { readonly line: number; readonly code: string }[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```/gm)]
    .filter((match) => match[1] === language)
    .map((match) => ({ line: text.slice(0, match.index).split('\n').length, code: match[2]! }));
}
