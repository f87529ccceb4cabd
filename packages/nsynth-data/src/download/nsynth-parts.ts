/** A file of NSynth as published. */
export type NSynthPart =
  | `${'train' | 'valid' | 'test'}.${'tfrecord.tar' | 'jsonwav.tar.gz'}`
  | 'gansynth_splits'
  | 'instrument_labels';

interface Published {
  readonly file: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

/** Lengths and sums as TensorFlow Datasets keeps them, for the files it uses. */
const parts: Readonly<Record<NSynthPart, Published>> = {
  'train.tfrecord.tar': {
    file: 'nsynth-train.tfrecord.tar',
    bytes: 74_159_943_680,
    sha256: '09149ea1420f01a65de10a310b9e94ecc74f1640b85f68fb9122bbca0b5d207a',
  },
  'valid.tfrecord.tar': {
    file: 'nsynth-valid.tfrecord.tar',
    bytes: 3_250_995_200,
    sha256: 'eb535520a9643db461c0cd177307d7fe691c32fe6a4da60fd23ac75f6e18ae07',
  },
  'test.tfrecord.tar': {
    file: 'nsynth-test.tfrecord.tar',
    bytes: 1_050_327_040,
    sha256: '65df0d0ada540ca1983849a051cbec4d0d9c51900b6acb8a4c06492560680a71',
  },
  'train.jsonwav.tar.gz': { file: 'nsynth-train.jsonwav.tar.gz' },
  'valid.jsonwav.tar.gz': { file: 'nsynth-valid.jsonwav.tar.gz' },
  'test.jsonwav.tar.gz': { file: 'nsynth-test.jsonwav.tar.gz' },
  gansynth_splits: {
    file: 'nsynth-gansynth_splits.csv',
    bytes: 2_952_153,
    sha256: 'b6e77ff861c82822c63f94e91d62fc6a48f514d0a7a7bed517752f87bc7ac4a9',
  },
  instrument_labels: {
    file: 'nsynth-instrument_labels.txt',
    bytes: 20_577,
    sha256: 'c38883696542209bc2401077ac80c6ab75108f9f29ac9566d57e1b35416ee087',
  },
};

export const nsynthParts: readonly NSynthPart[] = Object.keys(parts) as NSynthPart[];

export const publishedPart = (part: string): Published | undefined =>
  Object.hasOwn(parts, part) ? parts[part as NSynthPart] : undefined;
