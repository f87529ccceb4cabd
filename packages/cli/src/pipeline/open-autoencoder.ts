import { ModelFileError } from '@gansynth/model-files';
import { loadModel, type WaveNetModel } from '@gansynth/models-wavenet';
import { InputError } from '../app/errors.js';
import { modelFiles } from './open-model.js';

/** An autoencoder, ready to encode and decode. */
export interface Autoencoder {
  /** The caller's to free. */
  readonly model: WaveNetModel;
  /** Where it came from. */
  readonly source: string;
  /** Hz */
  readonly sampleRate: number;
  /** Samples that a frame stands for. */
  readonly hop: number;
  /** Numbers in a frame. */
  readonly channels: number;
}

/**
 * Opens an autoencoder. The backend must be running.
 *
 * @param where a model's folder, a run, or a URL
 * @throws InputError for a model of another kind, or one that lacks its encoder or decoder
 */
export async function openAutoencoder(where: string, runs: string): Promise<Autoencoder> {
  const files = modelFiles(where, runs);
  const { name: source = where } = files;
  const { model, manifest } = await loadModel(files).catch((error: unknown) => {
    if (!ModelFileError.isInstance(error)) throw error;
    throw new InputError(`${source}: expected an autoencoder: ${error.message}`, where, { cause: error });
  });
  try {
    const { conditioning } = model.config;
    if (conditioning.kind !== 'frames') {
      throw new InputError(
        `${source}: expected an autoencoder, found a WaveNet that is conditioned by ${conditioning.kind}. It plays: gansynth generate --model ${where}.`,
        where,
      );
    }
    if (!model.hasEncoder || !model.hasDecoder) {
      throw new InputError(
        `${source}: expected an autoencoder, found its ${model.hasEncoder ? 'encoder' : 'decoder'} alone. Import it whole.`,
        where,
      );
    }
    const { hop, channels } = conditioning;
    return { model, source, sampleRate: manifest.sampleRate ?? 16_000, hop, channels };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
