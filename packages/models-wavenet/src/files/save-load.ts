import {
  manifestFile,
  ModelFileError,
  readModel,
  writeWeights,
  type FileSink,
  type FileSource,
  type ModelInfo,
  type NoteModel,
  type PlainTensor,
  type WaveNetManifest,
  type WriteOptions,
} from '@gansynth/model-files';
import type { WaveNetConfig } from '../config/wavenet-config.js';
import { ArgumentError } from '../errors.js';
import { noteModel, type NoteModelOptions } from '../model/note-model.js';
import { WaveNetModel } from '../model/wavenet-model.js';
import { readWaveNetNetwork } from './read-network.js';

/**
 * Writes a WaveNet: its weights in shards, under the names of the original's variables, plus `gansynth.json`.
 *
 * @param sink `folderSink(path)` of `@gansynth/model-files/node`, `memorySink()`, or any other
 * @param options.precision `float16` stores weights in half the bytes. Default: float32, exact
 */
export async function saveModel(
  model: WaveNetModel,
  sink: FileSink,
  info: ModelInfo = {},
  options: WriteOptions = {},
): Promise<void> {
  const weights: Record<string, PlainTensor<Float32Array>> = {};
  for (const [name, tensor] of Object.entries(model.weights))
    weights[name] = { shape: tensor.shape, data: await tensor.data<'float32'>() };
  await writeWeights(weights, sink, { ...info, family: 'wavenet', network: { ...model.config } }, options);
}

/** A WaveNet read from files, and what it says of itself. */
export interface LoadedWaveNet {
  readonly family: 'wavenet';
  readonly model: WaveNetModel;
  readonly manifest: WaveNetManifest<WaveNetConfig>;
}

/**
 * Reads a model that {@link saveModel} wrote, checking every byte.
 *
 * @param source `httpFiles(url)` or `memoryFiles(...)` of `@gansynth/model-files`, `folderFiles(path)` of `@gansynth/model-files/node`, or any other
 * @throws ModelFileError if a file is missing, damaged or of another kind, or the model of another family
 */
export async function loadModel(source: FileSource): Promise<LoadedWaveNet> {
  const { manifest, model } = await loadWaveNet(source);
  return { family: 'wavenet', model, manifest: { ...manifest, network: model.config } };
}

/**
 * Reads a WaveNet that knows pitches as what every program for models of notes takes.
 *
 * @returns the model, which the caller frees, and what it says of itself
 * @throws ModelFileError as {@link loadModel}, and if it knows no pitches
 */
export async function loadNoteModel(
  source: FileSource,
  options: NoteModelOptions = {},
): Promise<{ readonly model: NoteModel; readonly manifest: WaveNetManifest }> {
  const { model, manifest } = await loadWaveNet(source);
  const { kind } = model.config.conditioning;
  if (kind === 'pitch') {
    try {
      return { model: noteModel(model, options), manifest };
    } catch (error) {
      model.dispose();
      throw error;
    }
  }
  model.dispose();
  const found =
    kind === 'frames'
      ? `${kind}: an autoencoder, which makes sounds of sounds and knows no pitches. Use loadModel, encode and decode.`
      : `${kind}. Use loadModel and createSampler.`;
  throw new ModelFileError(manifestFile, `network.conditioning.kind: expected pitch, found ${found}`, kind);
}

async function loadWaveNet(source: FileSource): Promise<{ readonly model: WaveNetModel; readonly manifest: WaveNetManifest }> {
  const { manifest, weights } = await readModel(source);
  if (manifest.family !== 'wavenet')
    throw new ModelFileError(
      manifestFile,
      `family: expected wavenet, found ${manifest.family}. Use loadModel of @gansynth/models-gan.`,
      manifest.family,
    );
  const config = readWaveNetNetwork(manifest.network);
  try {
    return { model: new WaveNetModel({ config, weights }), manifest };
  } catch (error) {
    if (!ArgumentError.isInstance(error)) throw error;
    throw new ModelFileError(manifestFile, error.message.replace(/^models-wavenet: WaveNetModel: /, ''), error.value, {
      cause: error,
    });
  }
}
