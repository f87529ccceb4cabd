import { messageOf, systemCodeOf } from '@gansynth/common/errors';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { BackendUnavailable, type Loaded } from './names.js';
import { repairNodeUtil } from './repair-node-util.js';
import { setupFolder } from './setup-folder.js';

interface TfjsNode {
  readonly version: Readonly<Record<string, string>>;
  backend(): { readonly isUsingGpuDevice?: boolean; readonly binding?: { readonly TF_Version?: string } };
}

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** Places to load tfjs-node from, best first: GPU before CPU; what belongs to the project before what `setup` built. */
function candidates(): { readonly require: NodeJS.Require; readonly path: string }[] {
  const own = createRequire(import.meta.url);
  const project = createRequire(join(process.cwd(), 'package.json'));
  const built = createRequire(join(setupFolder(), 'package.json'));
  const named = process.env['GANSYNTH_TFJS_NODE'] || undefined;
  const found = named === undefined ? [] : [{ require: own, path: named }];
  for (const path of packages) for (const require of [own, project]) found.push({ require, path });
  for (const path of packages) found.push({ require: built, path });
  return found;
}

function isMissing(error: unknown, path: string): boolean {
  return systemCodeOf(error) === 'MODULE_NOT_FOUND' && messageOf(error).includes(`'${path}'`);
}

const install = [
  'With an Nvidia GPU and CUDA 11.2: npm install @tensorflow/tfjs-node-gpu@4.22; on the CPU: npm install @tensorflow/tfjs-node@4.22.',
  'With the libraries of a current pip tensorflow (and its CUDA): gansynth setup tensorflow --from <site-packages/tensorflow>.',
].join(' ');

function cureFor(message: string): string {
  if (/libcud|libcu[a-z]+\.so|libnv/i.test(message))
    return `CUDA's libraries were not found; add their folder to LD_LIBRARY_PATH. ${install}`;
  if (/tfjs_binding\.node|napi|node-pre-gyp/i.test(message))
    return `Its native addon is missing: run npm rebuild @tensorflow/tfjs-node --build-addon-from-source, or gansynth setup tensorflow --from <site-packages/tensorflow>.`;
  if (/libtensorflow|cannot open shared object|GLIBC/i.test(message))
    return `Its TensorFlow libraries were not found or do not fit: build it again with gansynth setup tensorflow --from <site-packages/tensorflow>.`;
  return install;
}

/** TensorFlow itself through tfjs-node: CUDA GPUs with tfjs-node-gpu, otherwise all CPU cores with oneDNN. */
export async function loadTensorflow(): Promise<Loaded> {
  repairNodeUtil();
  // TensorFlow tells about its start on stderr, tfjs-node calls functions that Node deprecates: neither is for the user to mend.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.noDeprecation = true;
  let failure: Error | undefined;
  for (const { require, path } of candidates()) {
    try {
      const tfjsNode = require(path) as TfjsNode;
      return { name: 'tensorflow', detail: describe(tfjsNode, path) };
    } catch (error) {
      // The first that is there but broken says more than the ones that are not there.
      if (!isMissing(error, path)) failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  if (failure === undefined) throw new BackendUnavailable('tfjs-node is not installed.', install);
  const message = failure.message.split('\n')[0]!.trim();
  throw new BackendUnavailable(`tfjs-node does not load: ${message}`, cureFor(failure.message), { cause: failure });
}

function describe({ version, backend }: TfjsNode, path: string): string {
  const running = backend();
  const library = running.binding?.TF_Version;
  return [
    `${path.includes('tfjs-node-gpu') ? 'tfjs-node-gpu' : 'tfjs-node'} ${version['tfjs-node'] ?? ''}`,
    ...(library === undefined ? [] : [`TensorFlow ${library}`]),
    running.isUsingGpuDevice === true ? 'GPU' : 'CPU',
  ].join(', ');
}
