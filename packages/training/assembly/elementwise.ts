// Every function works on elements [from, to) of arrays that start at the given addresses.

export function leakyRelu(x: usize, y: usize, slope: f32, from: i32, to: i32): void {
  const slopes = f32x4.splat(slope);
  const zero = f32x4.splat(0);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const offset = (<usize>i) << 2;
    const value = v128.load(x + offset);
    v128.store(y + offset, v128.bitselect(value, f32x4.mul(value, slopes), f32x4.gt(value, zero)));
  }
  for (; i < to; i++) {
    const offset = (<usize>i) << 2;
    const value = load<f32>(x + offset);
    store<f32>(y + offset, value > 0 ? value : value * slope);
  }
}

export function leakyReluGrad(dy: usize, x: usize, dx: usize, slope: f32, from: i32, to: i32): void {
  const slopes = f32x4.splat(slope);
  const zero = f32x4.splat(0);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const offset = (<usize>i) << 2;
    const value = v128.load(dy + offset);
    v128.store(dx + offset, v128.bitselect(value, f32x4.mul(value, slopes), f32x4.gt(v128.load(x + offset), zero)));
  }
  for (; i < to; i++) {
    const offset = (<usize>i) << 2;
    const value = load<f32>(dy + offset);
    store<f32>(dx + offset, load<f32>(x + offset) > 0 ? value : value * slope);
  }
}

export function interpolate(a: usize, b: usize, y: usize, amount: f32, from: i32, to: i32): void {
  const amounts = f32x4.splat(amount);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const offset = (<usize>i) << 2;
    const start = v128.load(a + offset);
    v128.store(y + offset, f32x4.add(start, f32x4.mul(f32x4.sub(v128.load(b + offset), start), amounts)));
  }
  for (; i < to; i++) {
    const offset = (<usize>i) << 2;
    const start = load<f32>(a + offset);
    store<f32>(y + offset, start + (load<f32>(b + offset) - start) * amount);
  }
}

// w - stepSize * m / (sqrt(v) * scale + epsilon) with new moments; see adam.ts.
export function adam(
  weight: usize,
  gradient: usize,
  first: usize,
  second: usize,
  newWeight: usize,
  newFirst: usize,
  newSecond: usize,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  stepSize: f32,
  scale: f32,
  from: i32,
  to: i32,
): void {
  const rate1: f32 = 1 - beta1,
    rate2: f32 = 1 - beta2;
  const betas1 = f32x4.splat(beta1),
    betas2 = f32x4.splat(beta2),
    rates1 = f32x4.splat(rate1),
    rates2 = f32x4.splat(rate2);
  const epsilons = f32x4.splat(epsilon),
    stepSizes = f32x4.splat(stepSize),
    scales = f32x4.splat(scale);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const offset = (<usize>i) << 2;
    const g = v128.load(gradient + offset);
    const m = f32x4.add(f32x4.mul(v128.load(first + offset), betas1), f32x4.mul(g, rates1));
    const v = f32x4.add(f32x4.mul(v128.load(second + offset), betas2), f32x4.mul(f32x4.mul(g, g), rates2));
    const denominator = f32x4.add(f32x4.mul(f32x4.sqrt(v), scales), epsilons);
    v128.store(newWeight + offset, f32x4.sub(v128.load(weight + offset), f32x4.div(f32x4.mul(m, stepSizes), denominator)));
    v128.store(newFirst + offset, m);
    v128.store(newSecond + offset, v);
  }
  for (; i < to; i++) {
    const offset = (<usize>i) << 2;
    const g = load<f32>(gradient + offset);
    const m = load<f32>(first + offset) * beta1 + g * rate1;
    const v = load<f32>(second + offset) * beta2 + g * g * rate2;
    store<f32>(newWeight + offset, load<f32>(weight + offset) - (m * stepSize) / (sqrt<f32>(v) * scale + epsilon));
    store<f32>(newFirst + offset, m);
    store<f32>(newSecond + offset, v);
  }
}

// Nearest-neighbour upscaling of input rows [from, to) of width * channels values each, by whole factors.
export function boxUpscale(x: usize, y: usize, width: i32, channels: i32, factorY: i32, factorX: i32, from: i32, to: i32): void {
  const pixel = (<usize>channels) << 2;
  const outRow = <usize>width * <usize>factorX * pixel;
  for (let row = from; row < to; row++) {
    let source = x + <usize>row * <usize>width * pixel;
    const start = y + <usize>row * <usize>factorY * outRow;
    let target = start;
    for (let column = 0; column < width; column++) {
      for (let copy = 0; copy < factorX; copy++) {
        copyPixel(target, source, channels);
        target += pixel;
      }
      source += pixel;
    }
    for (let copy = 1; copy < factorY; copy++) memory.copy(start + <usize>copy * outRow, start, outRow);
  }
}

function copyPixel(target: usize, source: usize, channels: i32): void {
  let c = 0;
  for (; c + 4 <= channels; c += 4) v128.store(target + ((<usize>c) << 2), v128.load(source + ((<usize>c) << 2)));
  for (; c < channels; c++) store<f32>(target + ((<usize>c) << 2), load<f32>(source + ((<usize>c) << 2)));
}

// Copies `count` pixels of `channels` values to places `stride` bytes apart.
export function spread(x: usize, y: usize, count: i32, channels: i32, stride: usize): void {
  const pixel = (<usize>channels) << 2;
  for (let i = 0; i < count; i++) {
    copyPixel(y, x, channels);
    x += pixel;
    y += stride;
  }
}

// dy where minimum <= x <= maximum, else 0.
export function clipGrad(dy: usize, x: usize, dx: usize, minimum: f32, maximum: f32, from: i32, to: i32): void {
  const low = f32x4.splat(minimum),
    high = f32x4.splat(maximum);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const offset = (<usize>i) << 2;
    const value = v128.load(x + offset);
    v128.store(dx + offset, v128.and(v128.load(dy + offset), v128.and(f32x4.ge(value, low), f32x4.le(value, high))));
  }
  for (; i < to; i++) {
    const offset = (<usize>i) << 2;
    const value = load<f32>(x + offset);
    store<f32>(dx + offset, value >= minimum && value <= maximum ? load<f32>(dy + offset) : 0);
  }
}

// Copies pieces [from, to) of `length` bytes, which lie `stride` bytes apart, to one after another.
export function gather(x: usize, y: usize, length: usize, stride: usize, from: i32, to: i32): void {
  for (let i = from; i < to; i++) memory.copy(y + <usize>i * length, x + <usize>i * stride, length);
}
