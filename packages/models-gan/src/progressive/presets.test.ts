import { expect, test } from 'vitest';
import { imageSize, networkConfig, type NetworkConfig } from './config.js';
import { ConfigError } from '../errors.js';
import { networkSteps, networkVariables, parameterCount } from './network/variables.js';
import { fullyGrown } from './network/stage-shape.js';
import { presets } from './presets.js';

test('the paper at high resolution has the parameters of the original', () => {
  expect(imageSize(presets.paperHigh)).toEqual([128, 1024]);
  expect(parameterCount('generator', presets.paperHigh)).toBe(7_311_246);
  expect(parameterCount('critic', presets.paperHigh)).toBe(6_831_230);
  // 42 and 46 trainable variables, as counted in the original's graph.
  expect(networkVariables('generator', presets.paperHigh)).toHaveLength(42);
  expect(networkVariables('critic', presets.paperHigh)).toHaveLength(46);
});

test('the paper at low resolution has the same parameters and another shape', () => {
  expect(imageSize(presets.paperLow)).toEqual([256, 512]);
  expect(parameterCount('generator', presets.paperLow)).toBe(7_311_246);
});

const cost = (network: 'generator' | 'critic'): number =>
  networkSteps(network, presets.paperHigh, fullyGrown(presets.paperHigh)).reduce((sum, step) => sum + step.multiplyAdds, 0) / 1e9;

test('a full-size image costs about 14 billion multiply-adds, as the facts of the original say', () => {
  // The original's first layer also multiplies the zeros it pads with: 14.15.
  expect(cost('generator')).toBeCloseTo(14.07, 1);
  expect(cost('critic')).toBeCloseTo(14.07, 1);
});

test('the waveform network makes 65,536 samples', () => {
  expect(imageSize(presets.waveform)).toEqual([65536, 1]);
  const steps = networkSteps('critic', presets.waveform, fullyGrown(presets.waveform));
  expect(steps.at(-1)?.output).toEqual([61]);
});

test("with the paper's widths a critic block keeps its own, and the next one's first convolution changes them", () => {
  const kernels = networkVariables('critic', networkConfig({ criticWidths: 'block' }))
    .filter(({ name }) => /block_[67]\/(conv|from_rgb).*kernel/.test(name))
    .map(({ name, shape }) => `${name.split('/').slice(-4, -2).join('/').replace('progressive_gan_', '')} ${shape.slice(2)}`);
  expect(kernels).toEqual([
    'block_6/conv0 32,64',
    'block_6/conv1 64,64',
    'block_6/from_rgb 2,32',
    'block_7/conv0 32,32',
    'block_7/conv1 32,32',
    'block_7/from_rgb 2,32',
  ]);
});

test.each<[string, Partial<NetworkConfig>, RegExp]>([
  ['latentSize', { latentSize: 0 }, /latentSize: expected a positive whole number, found 0/],
  ['blocks', { blocks: 2.5 }, /blocks: .* found 2.5/],
  ['start', { start: [2] as unknown as [number, number] }, /start: expected \[height, width\] .* found \[2\]/],
  ['pitches', { pitches: [60, 60] }, /pitches: .* ascending order, found \[60,60\]/],
  ['filters', { filters: { base: 8, decay: 1, max: 8 } }, /filters: .* found 0 in block 4. Raise base/],
  ['filters as a list', { filters: [4, 4, 4] }, /found 0 in block 3.* list of 8/],
  [
    'normaliser',
    { normaliser: { scale: [[1]], offset: [[0]] } },
    /normaliser.scale: expected 1 or 1024 rows of 2 .* found 1 rows of 1/,
  ],
  ['a scale of 0', { normaliser: { scale: [[1, 0]], offset: [[0, 0]] } }, /no scale of 0/],
  ['scaleMode', { scaleMode: 'width' as 'both' }, /scaleMode: expected one of both, height, found width/],
  ['simple in height only', { architecture: 'simple', scaleMode: 'height' }, /scaleBase 2 in both directions/],
  ['instruments', { instruments: ['flute', 'flute'] }, /instruments: expected different names, found \[flute,flute\]/],
  [
    'instruments and z',
    { instruments: ['flute', 'horn', 'oboe'], latentSize: 2 },
    /instruments: expected at most 2, .* found 3. Raise latentSize/,
  ],
  ['instruments of', { instruments: ['flute'], architecture: 'simple' }, /instruments: expected the equalised/],
  [
    'conditioning',
    { conditioning: { features: 1, generator: ['block_1/conv0'], critic: [] } },
    /conditioning.generator: .* found block_1\/conv0/,
  ],
])('refuses an impossible %s', (_name, options, message) => {
  const attempt = (): NetworkConfig => networkConfig(options);
  expect(attempt).toThrow(message);
  try {
    attempt();
  } catch (error) {
    expect(ConfigError.isInstance(error)).toBe(true);
  }
});
