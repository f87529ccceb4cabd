// The same for weights of 8 bits and vectors of 16: out += s t (W x) + b. Sums of whole numbers are exact in any order. A panel of W is
// [input / 2][outputs][2], then its outputs' scales s and biases b as floats; a vector is [input / 2][lanes][2], then a row of its scales t.

// What sums of whole numbers stand for, added to out and b.
function scaled(out: v128, sums: v128, scale: v128, bias: v128): v128 {
  return f32x4.add(f32x4.add(out, f32x4.mul(f32x4.convert_i32x4_s(sums), scale)), bias);
}

// One note. W in panels of 32 outputs.
export function dotOne(w: usize, x: usize, out: usize, outputs: i32, inputs: i32): void {
  const scales = x + 2 * <usize>inputs;
  const scale = v128.load_splat<f32>(scales);
  for (let o = 0; o < outputs; o += 32) {
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    let s4 = i32x4.splat(0);
    let s5 = i32x4.splat(0);
    let s6 = i32x4.splat(0);
    let s7 = i32x4.splat(0);
    for (let from = x; from < scales; from += 4) {
      const pair = v128.load_splat<u32>(from);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w, 8)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w, 16)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w, 24)));
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w, 32)));
      s5 = i32x4.add(s5, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w, 40)));
      s6 = i32x4.add(s6, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w, 48)));
      s7 = i32x4.add(s7, i32x4.dot_i16x8_s(pair, v128.load_ext<i8>(w, 56)));
      w += 64;
    }
    addOne(out, 0, s0, scale, w);
    addOne(out, 16, s1, scale, w);
    addOne(out, 32, s2, scale, w);
    addOne(out, 48, s3, scale, w);
    addOne(out, 64, s4, scale, w);
    addOne(out, 80, s5, scale, w);
    addOne(out, 96, s6, scale, w);
    addOne(out, 112, s7, scale, w);
    w += 256;
    out += 128;
  }
}

function addOne(out: usize, offset: usize, sums: v128, scale: v128, scales: usize): void {
  const own = f32x4.mul(scale, v128.load(scales + offset));
  v128.store(out + offset, scaled(v128.load(out + offset), sums, own, v128.load(scales + offset, 128)));
}

// Tiles of eight notes: x [input / 2][8][2], out [output][8]. W in panels of 4 outputs, each used for all tiles, as `widenBytes` leaves them.
export function dotEight(
  w: usize,
  x: usize,
  xStride: usize,
  out: usize,
  outStride: usize,
  tiles: i32,
  outputs: i32,
  inputs: i32,
): void {
  for (let o = 0; o < outputs; o += 4) {
    let to = out;
    let first = x;
    const scales = w + 8 * <usize>inputs;
    for (let tile = 0; tile < tiles; tile++) {
      let a0 = i32x4.splat(0);
      let a1 = i32x4.splat(0);
      let b0 = i32x4.splat(0);
      let b1 = i32x4.splat(0);
      let c0 = i32x4.splat(0);
      let c1 = i32x4.splat(0);
      let d0 = i32x4.splat(0);
      let d1 = i32x4.splat(0);
      let from = first;
      for (let weight = w; weight < scales; weight += 16) {
        const x0 = v128.load(from);
        const x1 = v128.load(from, 16);
        let pair = v128.load_splat<u32>(weight);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(pair, x0));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(pair, x1));
        pair = v128.load_splat<u32>(weight, 4);
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(pair, x0));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(pair, x1));
        pair = v128.load_splat<u32>(weight, 8);
        c0 = i32x4.add(c0, i32x4.dot_i16x8_s(pair, x0));
        c1 = i32x4.add(c1, i32x4.dot_i16x8_s(pair, x1));
        pair = v128.load_splat<u32>(weight, 12);
        d0 = i32x4.add(d0, i32x4.dot_i16x8_s(pair, x0));
        d1 = i32x4.add(d1, i32x4.dot_i16x8_s(pair, x1));
        from += 32;
      }
      addEight(to, a0, a1, from, scales);
      addEight(to + 32, b0, b1, from, scales + 4);
      addEight(to + 64, c0, c1, from, scales + 8);
      addEight(to + 96, d0, d1, from, scales + 12);
      to += outStride;
      first += xStride;
    }
    w = scales + 32;
    out += 128;
  }
}

function addEight(out: usize, sums0: v128, sums1: v128, vectorScales: usize, scales: usize): void {
  const own = v128.load_splat<f32>(scales);
  const bias = v128.load_splat<f32>(scales, 16);
  v128.store(out, scaled(v128.load(out), sums0, f32x4.mul(v128.load(vectorScales), own), bias));
  v128.store(out, scaled(v128.load(out, 16), sums1, f32x4.mul(v128.load(vectorScales, 16), own), bias), 16);
}

// A panel of 4 outputs, its weights as 16 bits.
export function widenBytes(w: usize, to: usize, inputs: i32): void {
  for (let i = inputs; i > 0; i -= 2) {
    v128.store(to, v128.load_ext<i8>(w));
    w += 8;
    to += 16;
  }
  v128.store(to, v128.load(w));
  v128.store(to, v128.load(w, 16), 16);
}
