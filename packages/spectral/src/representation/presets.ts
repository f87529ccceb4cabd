/** The paper's two image sizes for 64,000 samples; spread one into {@link representation}'s options. */
export const presets: {
  /** 256 frames of 512 bins: fftSize 1024, hop 256. */
  readonly low: { readonly frames: 256; readonly bins: 512 };
  /** 128 frames of 1024 bins, the paper's "+H": fftSize 2048, hop 512. */
  readonly high: { readonly frames: 128; readonly bins: 1024 };
} = { low: { frames: 256, bins: 512 }, high: { frames: 128, bins: 1024 } };
