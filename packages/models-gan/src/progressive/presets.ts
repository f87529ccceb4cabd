import { networkConfig, type NetworkConfig } from './config.js';

/**
 * The constants the original normalises with unless told otherwise: log-power -13.8155 ... 10.3766 and instantaneous frequency -1 ... 1
 * to -0.8 ... 0.8. They fit the mel representation only; measure a normaliser for any other.
 */
const melNormaliser = { scale: [[0.0661371661726, 0.8]], offset: [[0.113718730221, 0]] };

/**
 * The paper's networks by name. Change one with `networkConfig({ ...presets.paperHigh, latentSize: 64 })`.
 *
 * @see Engel et al. 2019, table 3 and appendix A; `mel_prog_hires` of the original
 */
export const presets: Readonly<Record<'paperHigh' | 'paperLow' | 'waveform', NetworkConfig>> = {
  /** 128 frames x 1024 bins ("+ H"): generator 7,311,246 and critic 6,831,230 parameters. */
  paperHigh: networkConfig({ normaliser: melNormaliser }),
  /** 256 frames x 512 bins. */
  paperLow: networkConfig({ start: [4, 8], normaliser: melNormaliser }),
  /**
   * 65,536 samples, growing in time only by 4 a block; kernels of 9 samples. The original's code trains such networks, but its settings
   * for them were not published: start, base and kernel are ours.
   */
  waveform: networkConfig({ start: [16, 1], scaleBase: 4, scaleMode: 'height', kernelSize: [9, 1] }),
};
