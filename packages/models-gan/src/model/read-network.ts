import { FieldReader, manifestFile, type JsonObject } from '@gansynth/model-files';
import {
  networkConfig,
  type Affine,
  type ConditioningPlanes,
  type CrossedInputs,
  type NetworkConfig,
  type NoteAttribute,
  type Size,
} from '../progressive/config.js';
import type { FilterSchedule } from '../progressive/schedule/filters.js';
import { checked, given, networkWidth as width, readPitches } from './read-fields.js';

const anyNumber = { from: -1e9, to: 1e9 };

function size(fields: FieldReader, name: string): Size | undefined {
  const pair = fields.list(name, (list, index) => list.whole(index, width), 2);
  const [height, breadth] = pair ?? [];
  if (pair === undefined) return undefined;
  return height === undefined || breadth === undefined ? fields.fail(name, '[height, width]') : [height, breadth];
}

const texts = (fields: FieldReader, name: string): string[] | undefined =>
  fields.list(name, (list, index) => list.text(index), 4096);

function filters(fields: FieldReader): FilterSchedule | number[] | undefined {
  if (Array.isArray(fields.json['filters'])) return fields.list('filters', (list, index) => list.whole(index, width), 64);
  const schedule = fields.object('filters');
  const number = (name: string): number => {
    const value = schedule?.number(name, { from: 0, to: 2 ** 24 });
    return schedule === undefined ? 0 : schedule.required(name, value);
  };
  return schedule && { base: number('base'), decay: number('decay'), max: number('max') };
}

const row = (rows: FieldReader, at: string): number[] | undefined =>
  rows.list(at, (list, index) => list.number(index, anyNumber));

function affine(fields: FieldReader): Affine | null | undefined {
  if (fields.json['normaliser'] === null) return null;
  const normaliser = fields.object('normaliser');
  const table = (name: string): number[][] => normaliser?.required(name, normaliser.list(name, row)) ?? [];
  return normaliser && { scale: table('scale'), offset: table('offset') };
}

function conditioning(fields: FieldReader): ConditioningPlanes | null | undefined {
  if (fields.json['conditioning'] === null) return null;
  const planes = fields.object('conditioning');
  return (
    planes && {
      features: planes.required('features', planes.whole('features', { from: 1, to: 1024 })),
      generator: planes.required('generator', texts(planes, 'generator')),
      critic: planes.required('critic', texts(planes, 'critic')),
    }
  );
}

const attributes = (fields: FieldReader): NoteAttribute[] | undefined =>
  fields.list(
    'attributes',
    (list, index) => {
      const entry = list.object(index);
      return (
        entry && {
          name: entry.required('name', entry.text('name')),
          levels: entry.required('levels', entry.whole('levels', { from: 2, to: 1024 })),
          ...given<Pick<NoteAttribute, 'velocities'>>({
            velocities: entry.list('velocities', (velocities, at) => velocities.number(at, { from: 0, to: 127 }), 1024),
          }),
        }
      );
    },
    1024,
  );

function crossed(fields: FieldReader): CrossedInputs | undefined {
  const inputs = fields.object('crossed');
  return (
    inputs && {
      attributes: inputs.required('attributes', texts(inputs, 'attributes')),
      anchors: inputs.required('anchors', inputs.whole('anchors', { from: 1, to: 65_536 })),
    }
  );
}

/**
 * The progressive GAN that a manifest describes.
 *
 * @throws ModelFileError naming the field that is of another type, out of bounds, or cannot be built
 */
export function readNetwork(json: JsonObject): NetworkConfig {
  const fields = FieldReader.of(json, manifestFile, 'network');
  const options = given<NetworkConfig>({
    latentSize: fields.whole('latentSize', width),
    pitches: readPitches(fields),
    instruments: texts(fields, 'instruments'),
    attributes: attributes(fields),
    crossed: crossed(fields),
    dense: fields.list('dense', (widths, at) => widths.whole(at, width), 16),
    start: size(fields, 'start'),
    scaleBase: fields.whole('scaleBase', { from: 1, to: 64 }),
    scaleMode: fields.choice('scaleMode', ['both', 'height']),
    blocks: fields.whole('blocks', { from: 1, to: 32 }),
    filters: filters(fields),
    kernelSize: size(fields, 'kernelSize'),
    channels: fields.whole('channels', { from: 1, to: 1024 }),
    toRgbActivation: fields.choice('toRgbActivation', ['tanh', 'linear']),
    architecture: fields.choice('architecture', ['equalised', 'simple']),
    normaliser: affine(fields),
    stddevGradient: fields.choice('stddevGradient', ['stopped', 'exact']),
    conditioning: conditioning(fields),
    criticWidths: fields.choice('criticWidths', ['next', 'block']),
    fromRgbActivation: fields.choice('fromRgbActivation', ['leakyRelu', 'linear']),
    inputPixelNorm: fields.flag('inputPixelNorm'),
    pixelNormEpsilon: fields.number('pixelNormEpsilon', { from: 0, to: 1 }),
  });
  return checked(() => networkConfig(options));
}
