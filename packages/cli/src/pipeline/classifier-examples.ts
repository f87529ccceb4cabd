import { breathe } from '@gansynth/common/breathe';
import { classifierInput, type ClassifierExample, type ClassifierExamples, type ClassifierSettings } from '@gansynth/metrics';
import { cropOrPad, type Dataset } from '@gansynth/nsynth-data';

type DatasetNote = Awaited<ReturnType<Dataset['note']>>;

/** Bytes of inputs that stay in memory: all of some thousand notes at the original's size, all of any small collection. */
const KEPT_BYTES = 2 ** 30;

function exampleOf({ audio, pitch, metadata }: DatasetNote, settings: ClassifierSettings): ClassifierExample {
  const input = classifierInput(cropOrPad(audio.data, settings.input.samples), settings.input);
  const labels = { family: metadata.instrument_family, source: metadata.instrument_source, qualities: metadata.qualities };
  return { input, pitch, ...(settings.outputs.families > 0 ? labels : {}) };
}

/** What a classifier is asked about, one after another. */
export async function* examplesInTurn(
  dataset: Dataset,
  settings: ClassifierSettings,
  signal: AbortSignal,
): AsyncGenerator<ClassifierExample> {
  for await (const note of dataset.notes({ signal })) {
    await breathe(signal);
    yield exampleOf(note, settings);
  }
}

/** What a classifier learns from, again and again: as many as memory should hold are kept, the others are read anew each time. */
export async function repeatedExamples(
  dataset: Dataset,
  settings: ClassifierSettings,
  signal: AbortSignal,
  keptBytes = KEPT_BYTES,
): Promise<ClassifierExamples> {
  // Those that could be read, with what is kept of them.
  const notes: { readonly id: string; readonly example: ClassifierExample | undefined }[] = [];
  let bytes = 0;
  for await (const note of dataset.notes({ signal })) {
    await breathe(signal);
    const example = bytes < keptBytes ? exampleOf(note, settings) : undefined;
    bytes += example?.input.byteLength ?? 0;
    notes.push({ id: note.id, example });
  }
  const readAgain = async (id: string): Promise<ClassifierExample> => exampleOf(await dataset.note(id), settings);
  return { length: notes.length, at: (index) => notes[index]?.example ?? readAgain(notes[index]!.id) };
}
