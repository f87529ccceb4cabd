import { FieldReader, manifestFile, type JsonObject } from '@gansynth/model-files';
import { checked, given, networkWidth, readPitches } from '../model/read-fields.js';
import { waveGanConfig, type WaveGanConfig, waveGanSamples } from './wavegan-config.js';

/**
 * The WaveGAN that a manifest describes.
 *
 * @throws ModelFileError naming the field that is of another type, out of bounds, or cannot be built
 */
export function readWaveGanNetwork(json: JsonObject): WaveGanConfig {
  const fields = FieldReader.of(json, manifestFile, 'network');
  const options = given<WaveGanConfig>({
    samples: fields.choice('samples', waveGanSamples),
    channels: fields.whole('channels', { from: 1, to: 64 }),
    dim: fields.whole('dim', { from: 1, to: 1024 }),
    kernelLength: fields.whole('kernelLength', { from: 1, to: 1024 }),
    latentSize: fields.whole('latentSize', networkWidth),
    pitches: readPitches(fields),
    upsampling: fields.choice('upsampling', ['zeros', 'nearest']),
    phaseShuffle: fields.whole('phaseShuffle', { from: 0, to: 1024 }),
  });
  return checked(() => waveGanConfig(options));
}
