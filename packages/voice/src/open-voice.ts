import { type FileSource, ModelFileError, type ModelManifest, type NoteModel, readManifest } from '@gansynth/model-files';
import { loadNoteModel } from '@gansynth/models-gan';
import type { Precision } from '@gansynth/models-wavenet';
import type { OptionNames } from '@gansynth/common/check-options';
import { ArgumentError, ModelError } from './errors.js';
import { checkOptions } from './options.js';
import { createVoice, type Voice } from './voice.js';

/**
 * A model: a package (`modelMini` of `@gansynth/model-mini`), any other source of files, a URL, or where there are files, a folder or the name
 * of an installed package.
 */
export type VoiceSource = FileSource | string | URL;

export interface OpenOptions {
  /**
   * Of the weights that a WaveNet draws with: `bfloat16` and `int8` are faster, and draw other notes. Default `float32`. Models of other families have
   * no choice.
   */
  readonly precision?: Precision | undefined;
}

const openOptionNames: OptionNames<OpenOptions> = { precision: true };

/** What differs between a page and Node. */
export interface Platform {
  /** Files of a model that is named. @throws ModelError if there is none of that name */
  files(name: string | URL): Promise<FileSource> | FileSource;
  /** Lets something compute, if nothing does yet. @throws BackendError if nothing can */
  startBackend(): Promise<void>;
}

const isSource = (source: VoiceSource): source is FileSource => typeof source === 'object' && 'read' in source;

interface Loaded {
  readonly model: NoteModel;
  readonly manifest: ModelManifest;
}

/** A model by the package of its family; that of WaveNets is fetched when there is one. */
async function loadAny(files: FileSource, { precision }: OpenOptions): Promise<Loaded> {
  const { family } = await readManifest(files);
  if (family === 'wavenet')
    return (await import('@gansynth/models-wavenet')).loadNoteModel(files, precision === undefined ? {} : { precision });
  if (precision === undefined) return loadNoteModel(files);
  throw new ArgumentError(
    `openVoice: expected a WaveNet to draw with precision ${precision}, found a model of family ${family}. Leave it out.`,
    precision,
  );
}

/** {@link openVoice} of a platform. */
export const openVoiceOn =
  (platform: Platform): ((source: VoiceSource, options?: OpenOptions) => Promise<Voice>) =>
  async (source, options = {}) => {
    checkOptions('openVoice', options, openOptionNames);
    const files = isSource(source) ? source : await platform.files(source);
    await platform.startBackend();
    const name = (isSource(source) ? source.name : String(source)) ?? 'the model';
    const { model, manifest } = await loadAny(files, options).catch((error: unknown) => {
      if (!ModelFileError.isInstance(error)) throw error;
      throw new ModelError(`${name}: ${error.message}`, name, { cause: error });
    });
    try {
      return createVoice(model, manifest, name, files);
    } catch (error) {
      model.dispose();
      throw error;
    }
  };
