import type { Range } from '@gansynth/model-files';

/** Bounds of what a WaveNet may be made of, whether a program asks for it or a file describes it. */
export const ranges: Readonly<
  Record<
    | 'layers'
    | 'cycle'
    | 'width'
    | 'kernelLength'
    | 'hop'
    | 'channels'
    | 'samples'
    | 'dilation'
    | 'plainLayers'
    | 'mixtures'
    | 'logScaleFloor',
    Range
  >
> = {
  layers: { from: 1, to: 200 },
  cycle: { from: 1, to: 16 },
  width: { from: 1, to: 8192 },
  kernelLength: { from: 1, to: 9 },
  hop: { from: 1, to: 65_536 },
  channels: { from: 1, to: 4096 },
  samples: { from: 1, to: 2 ** 24 },
  dilation: { from: 1, to: 65_536 },
  plainLayers: { from: 0, to: 100 },
  mixtures: { from: 1, to: 100 },
  logScaleFloor: { from: -30, to: 0 },
};

/** Numbers that the pitch conditioning of a note may have in a layer, frames times channels: 134 MB; four seconds in steps of one sample, 512 wide. */
export const mostConditioning: number = 2 ** 25;
