import { messageOf } from '@gansynth/common/errors';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError, InputError } from '../app/errors.js';
import { cleanEnvironment } from './clean-environment.js';

const run = promisify(execFile);

/** tfjs-node's sources fit this TensorFlow.js. */
export const tfjsNodeVersion = '4.22.0';

/** The parts of a Python package `tensorflow` that the addon is compiled against. */
export interface TensorflowLibraries {
  readonly folder: string;
  readonly cc: string;
  readonly framework: string;
  readonly headers: string;
}

/**
 * Finds the libraries and headers in the folder of a pip-installed tensorflow.
 *
 * @param from `.../site-packages/tensorflow`, or the site-packages above it
 * @throws InputError naming the part that is missing
 */
export function findTensorflow(from: string): TensorflowLibraries {
  const given = resolve(from);
  const folder = existsSync(join(given, 'tensorflow', 'include')) ? join(given, 'tensorflow') : given;
  if (!existsSync(folder)) throw new InputError(`setup tensorflow: --from ${from}: no such folder. ${whereToLook}`, from);
  const library = (name: string): string => {
    const file = readdirSync(folder).find((entry) => entry.startsWith(`lib${name}.so`) || entry.startsWith(`lib${name}.`));
    if (file === undefined) {
      throw new InputError(`setup tensorflow: --from ${from}: expected lib${name}.so.* in it, found none. ${whereToLook}`, from);
    }
    return join(folder, file);
  };
  const headers = join(folder, 'include');
  if (!existsSync(join(headers, 'tensorflow', 'c', 'c_api.h'))) {
    throw new InputError(
      `setup tensorflow: --from ${from}: expected include/tensorflow/c/c_api.h in it, found none. ${whereToLook}`,
      from,
    );
  }
  return { folder, cc: library('tensorflow_cc'), framework: library('tensorflow_framework'), headers };
}

const whereToLook =
  'Name the folder of an installed tensorflow: python3 -c "import tensorflow, os; print(os.path.dirname(tensorflow.__file__))".';

/** Compiler arguments that link tfjs-node's addon to those libraries, found again at run time by their absolute place. */
export function compilerArguments(
  libraries: TensorflowLibraries,
  tfjsNode: string,
  nodeHeaders: string,
  output: string,
): string[] {
  return [
    '-O2',
    '-shared',
    '-fPIC',
    '-std=c++17',
    '-DNAPI_VERSION=8',
    '-DNODE_GYP_MODULE_NAME=tfjs_binding',
    '-DBUILDING_NODE_EXTENSION',
    ...[nodeHeaders, tfjsNode, dirname(tfjsNode), libraries.headers].map((folder) => `-I${folder}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(tfjsNode, 'binding', file)),
    '-o',
    output,
    libraries.cc,
    libraries.framework,
    `-Wl,-rpath,${libraries.folder}`,
  ];
}

export interface BuildOptions {
  readonly from: string;
  /** Folder that gets node_modules with the addon in it. */
  readonly into: string;
  readonly signal?: AbortSignal;
  readonly onStep?: (what: string) => void;
}

/** Fetches tfjs-node without its own TensorFlow, compiles its addon against yours, and proves that it computes. */
export async function buildAddon({
  from,
  into,
  signal,
  onStep = () => {},
}: BuildOptions): Promise<{ folder: string; detail: string }> {
  const libraries = findTensorflow(from);
  const options = { env: cleanEnvironment(), maxBuffer: 1 << 26, ...(signal === undefined ? {} : { signal }) };
  const attempt = async (what: string, program: string, words: string[], cure: string): Promise<string> => {
    onStep(what);
    try {
      return (await run(program, words, { ...options, cwd: into })).stdout;
    } catch (error) {
      if (signal?.aborted) throw error;
      const { code, stderr } = error as { code?: unknown; stderr?: string };
      const said = code === 'ENOENT' ? `${program} is not installed` : (stderr ?? '').trim().split('\n').slice(-4).join('\n');
      throw new EnvironmentError(`setup tensorflow: ${what}: ${said || messageOf(error)}\n${cure}`, program, {
        cause: error,
      });
    }
  };

  mkdirSync(into, { recursive: true });
  const manifest = join(into, 'package.json');
  if (!existsSync(manifest))
    writeFileSync(manifest, `${JSON.stringify({ name: 'gansynth-tensorflow', private: true }, null, 2)}\n`);
  const tfjsNode = join(into, 'node_modules', '@tensorflow', 'tfjs-node');
  const nodeHeaders = join(into, 'node_modules', 'node-api-headers', 'include');
  if (!existsSync(join(tfjsNode, 'binding')) || !existsSync(nodeHeaders)) {
    const wanted = [`@tensorflow/tfjs-node@${tfjsNodeVersion}`, 'node-api-headers@^1.9.0'];
    // --ignore-scripts: its own install step would download TensorFlow 2.9.
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted];
    await attempt('fetching tfjs-node', process.platform === 'win32' ? 'npm.cmd' : 'npm', words, 'Check the network and npm.');
  }
  const addon = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
  mkdirSync(dirname(addon), { recursive: true });
  rmSync(addon, { force: true });
  const compiler = process.env['CXX'] || 'g++';
  const cure = 'It needs a C++17 compiler: g++ 9 or newer (Debian: apt install g++; or name another in CXX).';
  await attempt('compiling its addon', compiler, compilerArguments(libraries, tfjsNode, nodeHeaders, addon), cure);
  const proof = await attempt(
    'trying it',
    process.execPath,
    ['-e', proofProgram, tfjsNode],
    'Is this TensorFlow built for this CPU?',
  );
  return { folder: into, detail: proof.trim().split('\n').at(-1)! };
}

/** Runs in a process of its own: loads the new addon and multiplies two matrices. */
const proofProgram = `
  const util = require('node:util');
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  const tf = require(process.argv[1]);
  const product = Array.from(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()).join();
  if (product !== '3,3,3,3') throw new Error('matMul gave ' + product);
  const { binding, isUsingGpuDevice } = tf.backend();
  console.log('TensorFlow ' + binding.TF_Version + ', ' + (isUsingGpuDevice ? 'GPU' : 'CPU'));
`;
