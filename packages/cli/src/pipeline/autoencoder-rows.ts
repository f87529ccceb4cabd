import type { Embedding, Precision } from '@gansynth/models-wavenet';
import type { Context } from '../app/command.js';
import { InputError } from '../app/errors.js';
import { decodeEmbeddings } from './decode-embeddings.js';
import type { InterpolationFiles } from './interpolation-files.js';
import type { Ends } from './interpolation-rows.js';
import { embeddingsBetween } from './mix-encoded.js';
import type { Autoencoder } from './open-autoencoder.js';

/** @throws InputError where notes of this rate, in Hz, are not what an autoencoder was trained on */
export function checkSampleRate({ source, sampleRate }: Autoencoder, notes: number): void {
  if (notes === sampleRate) return;
  throw new InputError(
    `${source}: expected an autoencoder of sounds of ${notes} Hz, as the notes are, found one of ${sampleRate} Hz. ` +
      'Name another, or write the notes to files and give them as --from and --to.',
    sampleRate,
  );
}

export interface AutoencoderRowsOptions {
  readonly fractions: readonly number[];
  /** Of every note: what differs between them is where they lie, not what was drawn. */
  readonly seed: number;
  /** Notes decoded side by side, at most. */
  readonly batch: number;
  /** Of the weights that they are decoded with. Default `float32`. */
  readonly precision?: Precision | undefined;
}

/**
 * Rows as an autoencoder has them (the third of the paper's figure 4): both ends encoded, their frames mixed one by one, decoded. Slow: it tells how much
 * time is left, and leaves what there is when it is stopped.
 *
 * @throws InputError if the ends have another sample rate than the autoencoder
 */
export async function autoencoderRows(
  autoencoder: Autoencoder,
  all: readonly Ends[],
  { fractions, seed, batch, precision }: AutoencoderRowsOptions,
  files: InterpolationFiles,
  { signal, progress }: Pick<Context, 'signal' | 'progress'>,
): Promise<void> {
  const { model, sampleRate, hop } = autoencoder;
  for (const ends of all) checkSampleRate(autoencoder, ends.sampleRate);
  const encoding = progress.start('encoding', 2 * all.length);
  const plan: { readonly ends: Ends; readonly step: number; readonly embedding: Embedding }[] = [];
  for (const [i, ends] of all.entries()) {
    const between = await embeddingsBetween(autoencoder, [ends.first, ends.last], fractions, signal);
    for (const [step, embedding] of between.entries()) plan.push({ ends, step, embedding });
    encoding.update(2 * (i + 1));
  }
  encoding.finish();
  const seconds = (samples: number): string => (samples / sampleRate).toFixed(1);
  const total = plan.reduce((sum, { embedding: { shape } }) => sum + (shape[0] ?? 0) * hop, 0);
  const decoding = progress.start('decoding', total);
  const rows = new Map<Ends, { readonly beginnings: Float32Array[]; whole: number }>();
  const onSamples = (done: number): void => decoding.update(done, `${seconds(done)} of ${seconds(total)} s`);
  const embeddings = plan.map(({ embedding }) => embedding);
  for await (const { index, audio, whole } of decodeEmbeddings(model, embeddings, {
    seed,
    batch,
    precision,
    signal,
    onSampler: (description) => progress.note(`decoded with ${description}`),
    onSamples,
  })) {
    const { ends, step } = plan[index]!;
    const place = { kind: 'autoencoder', label: ends.label, sampleRate };
    const sound = audio.subarray(0, Math.max(ends.first.length, ends.last.length));
    const beginning = await files.note(place, step, sound, whole);
    if (!whole) continue;
    const row = rows.get(ends) ?? { beginnings: [], whole: 0 };
    row.beginnings[step] = beginning;
    row.whole++;
    rows.set(ends, row);
    if (row.whole === fractions.length) await files.row(place, row.beginnings);
  }
  decoding.finish(`${plan.length} notes`);
}
