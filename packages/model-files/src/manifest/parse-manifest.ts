import { ModelFileError } from '../errors.js';
import { insidePath, type FileChecksum } from '../files/file-source.js';
import { parseWeightGroups } from '../tensors/weight-groups.js';
import { parseJson } from './bounded-json.js';
import { FieldReader, type JsonObject } from './fields.js';
import { manifestFile, type ModelInfo, type ModelManifest } from './model-manifest.js';
import { checkRepresentation } from './representation-bounds.js';

const newest = 2;

/**
 * Reads `gansynth.json` of any family and version. Every number in it is bounded, so that one that is damaged or made to harm is refused
 * here, before anything is allocated by it.
 *
 * @throws ModelFileError if this is no manifest, or one this version cannot read; it names the field
 */
export function parseManifest(bytes: Uint8Array): ModelManifest {
  const fields = FieldReader.of(parseJson(bytes, manifestFile), manifestFile);
  const { format, version } = fields.json;
  // The first WaveGANs were of a format of their own, and gave no checksums.
  const isOldWaveGan = format === 'gansynth-wavegan' && version === 1;
  if (format !== 'gansynth-model' && !isOldWaveGan)
    throw new ModelFileError(manifestFile, `expected format gansynth-model, found ${JSON.stringify(format)}.`, format);
  if (version !== 1 && version !== newest)
    throw new ModelFileError(
      manifestFile,
      `expected version 1 or ${newest}, found ${JSON.stringify(version)}. Update gansynth to read it.`,
      version,
    );
  const family = version === newest ? fields.choice('family', families) : isOldWaveGan ? 'wavegan' : 'progressive-gan';
  const common = {
    format: 'gansynth-model',
    version: newest,
    ...infoOf(fields),
    files: isOldWaveGan ? {} : fields.required('files', fields.record('files', checksum)),
    weights: version === newest ? parseWeightGroups(fields.json['weights'], manifestFile) : null,
    network: networkOf(fields),
  } as const;
  switch (fields.required('family', family)) {
    case 'progressive-gan':
      return { ...common, family: 'progressive-gan', growth: growthOf(fields) };
    case 'wavegan':
      return { ...common, family: 'wavegan' };
    case 'wavenet':
      return { ...common, family: 'wavenet' };
  }
}

const families = ['progressive-gan', 'wavegan', 'wavenet'] as const satisfies readonly ModelManifest['family'][];

const networkOf = (fields: FieldReader): JsonObject => fields.required('network', fields.object('network')).json;

function growthOf(fields: FieldReader): { blocks: number; progress: number } {
  const growth = fields.required('growth', fields.object('growth'));
  const blocks = growth.required('blocks', growth.whole('blocks', { from: 1, to: 32 }));
  return { blocks, progress: growth.required('progress', growth.number('progress', { from: 0, to: blocks - 1 })) };
}

function checksum(files: FieldReader, path: string): FileChecksum {
  insidePath(path, manifestFile);
  const entry = files.required(path, files.object(path));
  return {
    bytes: entry.required('bytes', entry.whole('bytes', { from: 0, to: 2 ** 40 })),
    crc32c: entry.required('crc32c', entry.whole('crc32c', { from: 0, to: 2 ** 32 - 1 })),
  };
}

function infoOf(fields: FieldReader): ModelInfo {
  const representation = fields.object('representation');
  if (representation !== undefined) checkRepresentation(representation);
  const scores = fields.record('scores', (all, name) => all.number(name, { from: -1e12, to: 1e12 }));
  const given = {
    name: fields.text('name'),
    description: fields.text('description'),
    representation: representation?.json,
    sampleRate: fields.number('sampleRate', { from: 1, to: 768_000 }),
    licence: fields.text('licence'),
    scores,
    details: fields.object('details')?.json,
  };
  return withoutUndefined(given);
}

type WithoutUndefined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** An object without the fields that are undefined, as optional fields are to be (`exactOptionalPropertyTypes`). */
export function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  const copy: WithoutUndefined<T> = {};
  let key: keyof T;
  for (key in value) {
    const own = value[key];
    if (isDefined(own)) copy[key] = own;
  }
  return copy;
}

const isDefined = <T>(value: T): value is Exclude<T, undefined> => value !== undefined;
