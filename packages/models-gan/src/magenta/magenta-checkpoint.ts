import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import type { Affine, NetworkConfig } from '../progressive/config.js';
import { blockName, generatorScope } from '../progressive/network/names.js';
import type { Growth } from '../progressive/network/stage-shape.js';
import { ArgumentError } from '../errors.js';
import {
  checkpointPrefix,
  ModelFileError,
  openTensorBundle,
  readWeightsManifest,
  type FileSource,
  type PlainTensor,
  type PlainWeights,
  type TensorBundle,
} from '@gansynth/model-files';
import {
  checkedNetwork,
  type MagentaExperiment,
  magentaHighResolution,
  magentaProgress,
  parseMagentaExperiment,
} from './magenta-experiment.js';
import { readMeasuredNormaliser, withNormaliser } from './magenta-normaliser.js';
import { countBlocks, type MagentaWeightKind, type NamedVariables, readNetworkWeights } from './magenta-weights.js';

/** A generator read from a foreign checkpoint: plain numbers, ready for `new GeneratorModel(...)` and {@link compileGenerator}. */
export interface ImportedGenerator {
  readonly config: NetworkConfig;
  /** Blocks built so far, and the position in the schedule. */
  readonly growth: Growth;
  /** By variable name, see `networkVariables('generator', config)`. */
  readonly weights: PlainWeights;
  /** What the images stand for: data type, samples, sample rate. */
  readonly experiment: MagentaExperiment;
}

export interface MagentaCheckpoint extends ImportedGenerator {
  /** Folder of the stage, and prefix of the checkpoint inside it. */
  readonly stage: string;
  readonly prefix: string;
  /** Images seen in training. */
  readonly images: number;
  /** All variables, the optimiser's as well, by the original's names. */
  readonly bundle: TensorBundle;
  /** The critic's weights. It has no moving average. */
  critic(): Promise<PlainWeights>;
}

export interface MagentaCheckpointOptions {
  /** The stage's folder name or number. Default: the last one, as the original does. Needed where the source cannot list folders. */
  readonly stage?: string | number;
  /** `ema`, the moving average the original samples with, or `raw`, the weights last trained. */
  readonly weights?: MagentaWeightKind;
  /**
   * The checkpoint itself, by its path in the folder: its prefix or any of its files (`stage_00012/model.ckpt-11000000.index`, `.meta`,
   * `.data-00000-of-00001`). Default: the newest of the stage, by its file `checkpoint`.
   */
  readonly checkpoint?: string;
  /** The normaliser. Default: the experiment's; where it was measured from the data, the one in `assets/`. */
  readonly normaliser?: Affine;
  /** Position in the schedule. Default: what the image count says. */
  readonly progress?: number;
}

const magentaCheckpointOptionNames: OptionNames<MagentaCheckpointOptions> = {
  stage: true,
  checkpoint: true,
  weights: true,
  normaliser: true,
  progress: true,
};

const text = async (files: FileSource, path: string): Promise<string> => new TextDecoder().decode(await files.read(path));

const stageName = (stage: string | number): string =>
  typeof stage === 'number' ? `stage_${String(stage).padStart(5, '0')}` : stage.replace(/\/+$/, '');

async function lastStage(files: FileSource): Promise<string> {
  if (!files.list)
    throw new ModelFileError(
      'stage_*',
      'expected a source that lists folders, found one that cannot. Name the stage: { stage: 12 }',
    );
  const names = await files.list('');
  const stage = names
    .filter((name) => /^stage_\d+$/.test(name))
    .sort()
    .at(-1);
  if (stage === undefined)
    throw new ModelFileError(
      'stage_*',
      `expected stage folders (stage_00000, ...) beside experiment.json, found ${names.join(', ') || 'nothing'}. Name the folder that has experiment.json in it`,
    );
  return stage;
}

/**
 * The prefix the text file `checkpoint` names. Only its last component counts: the rest is a path on the machine that trained.
 *
 * @throws ModelFileError if the file names none
 */
export function latestCheckpoint(contents: string, file = 'checkpoint'): string {
  const quoted = /^\s*model_checkpoint_path:\s*"((?:[^"\\]|\\.)*)"/m.exec(contents)?.[1];
  const name = quoted?.split(/\/|\\\\/).at(-1);
  if (!name) throw new ModelFileError(file, 'expected a line model_checkpoint_path: "...", found none');
  return checkpointPrefix(name);
}

/** The checkpoint asked for, or the newest of the stage asked for or of the last one. */
async function whichCheckpoint(
  files: FileSource,
  { stage, checkpoint }: MagentaCheckpointOptions,
): Promise<{ folder: string; prefix: string }> {
  if (checkpoint !== undefined) {
    const prefix = checkpointPrefix(checkpoint);
    const folder = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')));
    if (stage === undefined || stageName(stage) === folder) return { folder, prefix };
    throw new ArgumentError(
      'loadMagentaCheckpoint',
      `expected a checkpoint of stage ${stageName(stage)}, found ${checkpoint}. Leave one of the two out.`,
      checkpoint,
    );
  }
  const folder = stage === undefined ? await lastStage(files) : stageName(stage);
  const latest = latestCheckpoint(await text(files, `${folder}/checkpoint`), `${folder}/checkpoint`);
  return { folder, prefix: `${folder}/${latest}` };
}

/**
 * Loads a checkpoint folder of Magenta's GANSynth, for example an unpacked `acoustic_only.zip`: `experiment.json` and `stage_000NN/`
 * with a TensorFlow 1 checkpoint; `assets/` with the normaliser where the training measured one. Neither TensorFlow nor the data set is needed.
 *
 * @param files the folder that has `experiment.json` in it
 * @throws ModelFileError if a file is missing, damaged (every checksum is compared), or does not fit the others
 * @see magenta/magenta: magenta/models/gansynth/lib/model.py, load_from_path
 */
export async function loadMagentaCheckpoint(
  files: FileSource,
  options: MagentaCheckpointOptions = {},
): Promise<MagentaCheckpoint> {
  checkOptions('loadMagentaCheckpoint', options, magentaCheckpointOptionNames);
  const { weights: kind = 'ema', progress } = options;
  const experiment = parseMagentaExperiment(await text(files, 'experiment.json'));
  const normaliser = options.normaliser ?? (await readMeasuredNormaliser(files, experiment));
  const config = checkedNetwork(withNormaliser(experiment, normaliser, 'experiment.json'), 'experiment.json');
  const { folder, prefix } = await whichCheckpoint(files, options);
  const bundle = await openTensorBundle(files, prefix);
  const variables: NamedVariables = { names: [...bundle.entries.keys()], read: bundle.read, file: `${prefix}.index` };
  const blocks = countBlocks(variables, kind);
  const images = Number((await bundle.read('global_step')).data[0] ?? 0);
  const weights = (name: 'generator' | 'critic', copy: MagentaWeightKind): Promise<PlainWeights> =>
    readNetworkWeights(variables, name, config, blocks, copy);
  return {
    config,
    growth: { blocks, progress: progress ?? magentaProgress(experiment, images, blocks) },
    weights: await weights('generator', kind),
    experiment,
    stage: folder,
    prefix,
    images,
    bundle,
    critic: () => weights('critic', 'raw'),
  };
}

export interface MagentaManifestOptions {
  /** Where the manifest lies in `files`. Default: `weights_manifest.json`. */
  readonly path?: string;
  /** What the manifest does not say. Default: Magenta's published high-resolution model; sizes are taken from the weights. */
  readonly experiment?: MagentaExperiment;
  /** Default: the experiment's; where it was measured from the data, the one in `assets/`. */
  readonly normaliser?: Affine;
}

const magentaManifestOptionNames: OptionNames<MagentaManifestOptions> = { path: true, experiment: true, normaliser: true };

/**
 * Loads a checkpoint converted for Magenta.js: `weights_manifest.json` and its shards, quantised or not. The result means what the
 * Python original means (Magenta.js itself scales the last layer by sqrt(2) too much, and drops the note's tail).
 *
 * @throws ModelFileError if a file is missing, malformed or truncated
 */
export async function loadMagentaManifest(files: FileSource, options: MagentaManifestOptions = {}): Promise<ImportedGenerator> {
  checkOptions('loadMagentaManifest', options, magentaManifestOptionNames);
  const { path = 'weights_manifest.json', experiment = magentaHighResolution } = options;
  const all = await readWeightsManifest(files, path);
  const variables: NamedVariables = {
    names: Object.keys(all),
    read: async (name) => all[name] as PlainTensor,
    file: path,
  };
  const blocks = countBlocks(variables, 'ema');
  const kernel = (block: number): readonly number[] =>
    all[`${generatorScope}/${blockName(block)}/conv0/conv2d/kernel/ExponentialMovingAverage`]?.shape ?? [];
  const widths = Array.from({ length: blocks }, (_, index) => kernel(index + 1)[3] ?? 0);
  const normaliser = options.normaliser ?? (await readMeasuredNormaliser(files, experiment));
  const given = withNormaliser(experiment, normaliser, path);
  const network: NetworkConfig = {
    ...given,
    start: [kernel(1)[0] ?? 0, kernel(1)[1] ?? 0],
    blocks,
    // A manifest has no critic, so its outermost width is not known: the neighbour's.
    filters: [widths[0] ?? 0, ...widths],
  };
  const config = checkedNetwork(network, path);
  const weights = await readNetworkWeights(variables, 'generator', config, blocks, 'ema');
  return { config, growth: { blocks, progress: blocks - 1 }, weights, experiment: { ...experiment, network: config } };
}
