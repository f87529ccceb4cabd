import { FieldReader, manifestFile, ModelFileError, type JsonObject, type Range } from '@gansynth/model-files';
import type { ConditioningOptions } from '../config/conditioning-config.js';
import type { EncoderConfig } from '../config/encoder-config.js';
import type { OutputConfig } from '../config/output-config.js';
import { ranges } from '../config/ranges.js';
import { waveNetConfig, type WaveNetConfig } from '../config/wavenet-config.js';
import { ConfigError } from '../errors.js';

/**
 * The WaveNet that a manifest describes.
 *
 * @throws ModelFileError naming the field that is missing, of another type, out of bounds, or cannot be built
 */
export function readWaveNetNetwork(json: JsonObject): WaveNetConfig {
  const fields = FieldReader.of(json, manifestFile, 'network');
  const whole = (field: string, range: Range): number => fields.required(field, fields.whole(field, range));
  const options = {
    layers: whole('layers', ranges.layers),
    cycle: whole('cycle', ranges.cycle),
    width: whole('width', ranges.width),
    skipWidth: whole('skipWidth', ranges.width),
    kernelLength: whole('kernelLength', ranges.kernelLength),
    output: outputOf(fields.required('output', fields.object('output'))),
    conditioning: conditioningOf(fields.required('conditioning', fields.object('conditioning'))),
  };
  try {
    return waveNetConfig(options);
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    throw new ModelFileError(manifestFile, error.message.replace(/^models-wavenet: /, 'network.'), error.value, { cause: error });
  }
}

function outputOf(fields: FieldReader): OutputConfig {
  const kind = fields.required('kind', fields.choice('kind', ['mu-law', 'logistics']));
  if (kind === 'mu-law') return { kind };
  return {
    kind,
    mixtures: fields.required('mixtures', fields.whole('mixtures', ranges.mixtures)),
    logScaleFloor: fields.required('logScaleFloor', fields.number('logScaleFloor', ranges.logScaleFloor)),
  };
}

function conditioningOf(fields: FieldReader): ConditioningOptions {
  const kind = fields.required('kind', fields.choice('kind', ['none', 'frames', 'pitch']));
  if (kind === 'none') return { kind };
  const whole = (field: string, range: Range): number => fields.required(field, fields.whole(field, range));
  if (kind === 'frames') {
    const encoder = fields.json['encoder'] === null ? null : encoderOf(fields.required('encoder', fields.object('encoder')));
    return { kind, channels: whole('channels', ranges.channels), hop: whole('hop', ranges.hop), encoder };
  }
  const pitches = fields.list('pitches', (list, index) => list.number(index, { from: -1024, to: 1024 }), 2048);
  const dilations = fields.list('dilations', (list, index) => list.whole(index, ranges.dilation), 100);
  return {
    kind,
    pitches: fields.required('pitches', pitches),
    hop: whole('hop', ranges.hop),
    samples: whole('samples', ranges.samples),
    heldSamples: whole('heldSamples', { from: 0, to: ranges.samples.to }),
    width: whole('width', ranges.width),
    dilations: fields.required('dilations', dilations),
    plainLayers: whole('plainLayers', ranges.plainLayers),
    kernelLength: whole('kernelLength', ranges.kernelLength),
    padding: fields.required('padding', fields.choice('padding', ['centred', 'causal'])),
    activation: fields.required('activation', fields.choice('activation', ['relu', 'tanh', 'linear'])),
  };
}

function encoderOf(fields: FieldReader): EncoderConfig {
  const whole = (field: string, range: Range): number => fields.required(field, fields.whole(field, range));
  return {
    layers: whole('layers', ranges.layers),
    cycle: whole('cycle', ranges.cycle),
    width: whole('width', ranges.width),
    kernelLength: whole('kernelLength', ranges.kernelLength),
  };
}
