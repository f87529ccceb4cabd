import { checkEmbedding } from '../autoencoder/embedding.js';
import { ArgumentError } from '../errors.js';
import type { WaveNetModel } from '../model/wavenet-model.js';
import type { NoteToSample } from './note-to-sample.js';

/** The conditioning of notes that are sampled together. */
export interface NoteFrames {
  /** Samples that it lasts for. */
  readonly samples: number;
  /** Frame by number, [batch, channels]; zero for notes that are not there. */
  at(frame: number, batch: number): Float32Array;
}

/**
 * @returns null where nothing conditions the network
 * @throws ArgumentError if the notes are not such as the network can be asked for, or of different lengths
 */
export async function noteFrames(model: WaveNetModel, notes: readonly NoteToSample[]): Promise<NoteFrames | null> {
  const { conditioning } = model.config;
  for (const { label, embedding } of notes) {
    if (embedding !== undefined && conditioning.kind !== 'frames') fail('embedding', conditioning.kind);
    if (label !== undefined && conditioning.kind !== 'pitch') fail('label', conditioning.kind);
    if (embedding === undefined && conditioning.kind === 'frames')
      throw new ArgumentError(
        'Sampler.begin',
        'expected an embedding for each note, found none. Encode a sound first.',
        embedding,
      );
  }
  if (conditioning.kind === 'none') return null;
  if (conditioning.kind === 'pitch') {
    const frames = model.pitchConditioning(notes.map(({ label = -1 }) => label));
    try {
      const [, , channels] = frames.shape;
      const values = await frames.data<'float32'>();
      const length = values.length / notes.length;
      const each = notes.map((_, note) => values.subarray(note * length, (note + 1) * length));
      return { samples: conditioning.samples, at: frameOf(each, channels) };
    } finally {
      frames.dispose();
    }
  }
  const { channels, hop } = conditioning;
  const embeddings = notes.flatMap(({ embedding }) => (embedding ? [checkEmbedding(embedding, channels)] : []));
  const [frames = 0] = embeddings[0]?.shape ?? [];
  const other = embeddings.find(({ shape }) => shape[0] !== frames);
  if (other)
    throw new ArgumentError(
      'Sampler.begin',
      `expected embeddings of one length, found ${frames} and ${other.shape[0]} frames. Sample them one after the other, or stretch one.`,
      other.shape,
    );
  return {
    samples: frames * hop,
    at: frameOf(
      embeddings.map(({ data }) => data),
      channels,
    ),
  };
}

const frameOf =
  (notes: readonly Float32Array[], channels: number): NoteFrames['at'] =>
  (frame, batch) => {
    const values = new Float32Array(batch * channels);
    for (const [note, frames] of notes.entries())
      values.set(frames.subarray(frame * channels, (frame + 1) * channels), note * channels);
    return values;
  };

function fail(field: string, kind: string): never {
  throw new ArgumentError(
    'Sampler.begin',
    `expected notes without ${field}: this network is conditioned by ${kind}, found one with it.`,
    field,
  );
}
