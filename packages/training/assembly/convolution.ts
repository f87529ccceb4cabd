import { multiplyAdd } from './matrix';

// Gradient of a convolution with respect to its filter, NHWC: for every tap the product of the (shifted) input, transposed, with dy,
// added up over batch and rows. Neither operand is copied or transposed. Rows [fromRow, toRow) of the filter are computed.
export function filterGradient(
  x: usize,
  dy: usize,
  dw: usize,
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
  fromChannel: i32,
  toChannel: i32,
): void {
  const tap = (<usize>(inChannels * outChannels)) << 2;
  const outRow = (<usize>outChannels) << 2;
  const channels = toChannel - fromChannel;
  const first = (<usize>fromChannel) << 2;
  for (let t = 0, taps = filterHeight * filterWidth; t < taps; t++) {
    memory.fill(dw + <usize>t * tap + <usize>fromChannel * outRow, 0, <usize>channels * outRow);
  }
  const inPixel = (<usize>inChannels) << 2;
  // Pieces of a row so short that both operands stay in the first-level cache while all taps use them.
  let piece = 6144 / (inChannels + outChannels);
  if (piece < 16) piece = 16;
  for (let n = 0; n < batch; n++) {
    for (let outY = 0; outY < outHeight; outY++) {
      const dyRow = dy + <usize>((n * outHeight + outY) * outWidth) * outRow;
      for (let from = 0; from < outWidth; from += piece) {
        const to = min(from + piece, outWidth);
        for (let filterY = 0; filterY < filterHeight; filterY++) {
          const inY = outY * strideHeight + filterY * dilationHeight - padTop;
          if (inY < 0 || inY >= inHeight) continue;
          const xRow = x + <usize>((n * inHeight + inY) * inWidth) * inPixel;
          for (let filterX = 0; filterX < filterWidth; filterX++) {
            const shift = filterX * dilationWidth - padLeft;
            // outX with 0 <= outX * stride + shift < inWidth
            const lowest = shift >= 0 ? 0 : (-shift + strideWidth - 1) / strideWidth;
            const beyond = inWidth - shift <= 0 ? 0 : (inWidth - shift + strideWidth - 1) / strideWidth;
            const start = max(from, lowest);
            const depth = min(to, beyond) - start;
            if (depth <= 0) continue;
            multiplyAdd(
              xRow + <usize>(start * strideWidth + shift) * inPixel + first,
              4,
              <usize>strideWidth * inPixel,
              dyRow + <usize>start * outRow,
              outRow,
              dw + <usize>(filterY * filterWidth + filterX) * tap + <usize>fromChannel * outRow,
              outRow,
              channels,
              outChannels,
              depth,
            );
          }
        }
      }
    }
  }
}
