import { ConfigError } from '../errors.js';
import type { Affine, ConditioningPlanes, CrossedInputs, NetworkConfig } from './config.js';

export const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0;

export function checkInstruments({ instruments, latentSize, architecture }: NetworkConfig): void {
  if (new Set(instruments).size !== instruments.length) {
    throw new ConfigError('instruments', `expected different names, found [${instruments}].`, instruments);
  }
  if (instruments.length > latentSize) {
    throw new ConfigError(
      'instruments',
      `expected at most ${latentSize}, one for each value of z, found ${instruments.length}. Raise latentSize.`,
      instruments,
    );
  }
  if (instruments.length > 0 && architecture === 'simple') {
    throw new ConfigError('instruments', 'expected the equalised architecture, found "simple".', architecture);
  }
}

export function checkAttributes({ instruments, attributes = [], latentSize, architecture }: NetworkConfig): void {
  if (attributes.length === 0) return;
  const names = attributes.map(({ name }) => name);
  if (new Set(names).size !== names.length) {
    throw new ConfigError('attributes', `expected different names, found [${names}].`, names);
  }
  for (const { name, levels, velocities } of attributes) {
    if (!Number.isInteger(levels) || levels < 2 || levels > 1024) {
      throw new ConfigError('attributes', `expected 2 to 1024 levels for "${name}", found ${levels}.`, levels);
    }
    if (velocities !== undefined) checkVelocities(name, levels, velocities);
  }
  const struck = attributes.filter(({ velocities }) => velocities !== undefined).map(({ name }) => name);
  if (struck.length > 1) {
    throw new ConfigError(
      'attributes',
      `expected velocities for one attribute at most, found them for ${struck.join(', ')}.`,
      struck,
    );
  }
  const told = instruments.length + attributes.length;
  if (told > latentSize) {
    throw new ConfigError(
      'attributes',
      `expected at most ${latentSize} instruments and attributes, one value of z each, found ${told}. Raise latentSize.`,
      names,
    );
  }
  if (architecture === 'simple') {
    throw new ConfigError('attributes', 'expected the equalised architecture, found "simple".', architecture);
  }
}

function checkVelocities(name: string, levels: number, velocities: readonly number[]): void {
  const ascending = velocities.every((velocity, at) => velocity > (at === 0 ? -1 : velocities[at - 1]!) && velocity <= 127);
  if (ascending && velocities.length === levels) return;
  throw new ConfigError(
    'attributes',
    `expected ${levels} ascending MIDI velocities of at most 127 for "${name}", one for each level, found [${velocities.join(', ')}].`,
    velocities,
  );
}

/** More would be a table that no memory has room for. */
const mostCombinations = 65_536;

/** Combinations of instrument, levels of the crossed attributes and pitch anchor: of instruments, of levels, of all. */
function combinationsOf(
  { attributes: crossed, anchors }: CrossedInputs,
  { instruments, attributes = [] }: NetworkConfig,
): { readonly told: number; readonly levels: number; readonly all: number } {
  const told = Math.max(1, instruments.length);
  const levels = attributes.filter(({ name }) => crossed.includes(name)).reduce((all, attribute) => all * attribute.levels, 1);
  return { told, levels, all: told * levels * anchors };
}

export function checkCrossed(inputs: CrossedInputs, config: NetworkConfig): void {
  const { attributes: crossed, anchors } = inputs;
  const { attributes = [], pitches, architecture } = config;
  const names = attributes.map(({ name }) => name);
  const unknown = crossed.find((name, at) => !names.includes(name) || crossed.indexOf(name) !== at);
  if (unknown !== undefined) {
    const known = names.join(', ') || 'none';
    throw new ConfigError(
      'crossed.attributes',
      `expected names of the network's attributes (${known}), each once, found "${unknown}".`,
      unknown,
    );
  }
  if (!isCount(anchors) || anchors > pitches.length) {
    throw new ConfigError(
      'crossed.anchors',
      `expected 1 to ${pitches.length}, the number of pitches, found ${anchors}.`,
      anchors,
    );
  }
  const { told, levels, all } = combinationsOf(inputs, config);
  if (all > mostCombinations) {
    throw new ConfigError(
      'crossed',
      `expected at most ${mostCombinations} combinations, found ${told} instruments x ${levels} levels x ${anchors} ` +
        `anchors = ${all}. Lower anchors, or cross fewer attributes.`,
      all,
    );
  }
  if (architecture === 'simple') {
    throw new ConfigError('crossed', 'expected the equalised architecture, found "simple".', architecture);
  }
}

/** Weights of a fully connected generator, more than which no backend has room for. */
const mostDense = 2 ** 28;

export function checkDense(dense: readonly number[], config: NetworkConfig): void {
  const { architecture, blocks, start, channels, conditioning, crossed, latentSize, pitches } = config;
  if (
    !Array.isArray(dense) ||
    dense.length === 0 ||
    dense.length > 16 ||
    !dense.every((width) => isCount(width) && width <= 65_536)
  ) {
    throw new ConfigError(
      'dense',
      `expected 1 to 16 widths of 1 to 65536, found ${JSON.stringify(dense)}. Leave it out for a network of convolutions.`,
      dense,
    );
  }
  if (blocks !== 1) {
    throw new ConfigError('dense', `expected 1 block, of the image's size (start), found ${blocks} blocks.`, blocks);
  }
  const inputs = latentSize + pitches.length + (crossed === undefined ? 0 : combinationsOf(crossed, config).all);
  const widths = [inputs, ...dense, start[0] * start[1] * channels];
  const weights = dense.reduce((sum, width, at) => sum + width * widths[at + 2]!, inputs * dense[0]!);
  if (weights > mostDense) {
    throw new ConfigError(
      'dense',
      `expected at most ${mostDense} weights, found ${weights}: layers of ${widths.join(' x ')}. Lower the widths.`,
      weights,
    );
  }
  if (architecture === 'simple') {
    throw new ConfigError('dense', 'expected the equalised architecture, found "simple".', architecture);
  }
  if (conditioning !== null && conditioning.generator.length > 0) {
    throw new ConfigError(
      'conditioning.generator',
      `expected none in a fully connected generator, which has no convolutions, found ${conditioning.generator.join(', ')}.`,
      conditioning.generator,
    );
  }
}

export function checkAffine({ scale, offset }: Affine, channels: number, width: number): void {
  for (const [field, rows] of Object.entries({ scale, offset })) {
    const whole = rows.every((row) => row.length === channels && row.every(Number.isFinite));
    if (!whole || (rows.length !== 1 && rows.length !== width)) {
      throw new ConfigError(
        `normaliser.${field}`,
        `expected 1 or ${width} rows of ${channels} finite numbers, found ${rows.length} rows of ${rows[0]?.length ?? 0}.`,
        rows,
      );
    }
  }
  if (scale.length !== offset.length || scale.some((row) => row.some((value) => value === 0))) {
    throw new ConfigError(
      'normaliser',
      'expected as many scales as offsets, and no scale of 0 (it could not be inverted).',
      scale,
    );
  }
}

export function checkConditioning(planes: ConditioningPlanes, config: NetworkConfig): void {
  if (!isCount(planes.features)) {
    throw new ConfigError(
      'conditioning.features',
      `expected a positive whole number, found ${planes.features}.`,
      planes.features,
    );
  }
  if (config.architecture === 'simple') {
    throw new ConfigError('conditioning', 'expected the equalised architecture, found "simple".', 'simple');
  }
  const layers = (names: string[], skip: string): string[] =>
    Array.from({ length: config.blocks }, (_, index) => names.map((name) => `block_${index + 1}/${name}`))
      .flat()
      .filter((name) => name !== skip);
  const allowed = { generator: layers(['conv0', 'conv1'], 'block_1/conv0'), critic: layers(['conv0'], '') };
  for (const side of ['generator', 'critic'] as const) {
    const unknown = planes[side].find((name) => !allowed[side].includes(name));
    if (unknown !== undefined) {
      throw new ConfigError(
        `conditioning.${side}`,
        `expected names out of ${allowed[side].join(', ')}, found ${unknown}.`,
        unknown,
      );
    }
  }
}
