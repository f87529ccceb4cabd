import { type FileSource, ModelFileError, type ModelManifest, type NoteModel, readManifest } from '@gansynth/model-files';
import { loadNoteModel } from '@gansynth/models-gan';
import { ModelError } from './errors.js';
import { createVoice, type Voice } from './voice.js';

/**
 * A model: a package (`modelMini` of `@gansynth/model-mini`), any other source of files, a URL, or where there are files, a folder or the name
 * of an installed package.
 */
export type VoiceSource = FileSource | string | URL;

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
async function loadAny(files: FileSource): Promise<Loaded> {
  const { family } = await readManifest(files);
  if (family !== 'wavenet') return loadNoteModel(files);
  return (await import('@gansynth/models-wavenet')).loadNoteModel(files);
}

/** {@link openVoice} of a platform. */
export const openVoiceOn =
  (platform: Platform): ((source: VoiceSource) => Promise<Voice>) =>
  async (source) => {
    const files = isSource(source) ? source : await platform.files(source);
    await platform.startBackend();
    const name = (isSource(source) ? source.name : String(source)) ?? 'the model';
    const { model, manifest } = await loadAny(files).catch((error: unknown) => {
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
