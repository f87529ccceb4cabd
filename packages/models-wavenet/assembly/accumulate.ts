// out += W x + b, each output's sum in the order of the inputs, one multiplication and one addition at a time: a note gets the same bits alone
// and among others. A panel of W is [input][outputs] of weights, then its outputs' biases as floats. W: f32, or u16, of a bfloat16. Addresses in
// bytes.

// Four weights of a panel's row `at`, the quad `index`, as floats. A bfloat16 is the upper half of one; of eight side by side the first four are the
// lower halves of four words, the others the upper ones.
function four<W>(at: usize, index: usize): v128 {
  if (sizeof<W>() === 4) return v128.load(at + 16 * index);
  const eight = v128.load(at + 16 * (index >> 1));
  return index % 2 === 0 ? i32x4.shl(eight, 16) : v128.and(eight, i32x4.splat(0xffff0000));
}

// One note. W in panels of 32 outputs.
export function accumulateOne<W>(w: usize, x: usize, out: usize, outputs: i32, inputs: i32): void {
  for (let o = 0; o < outputs; o += 32) {
    let s0 = v128.load(out);
    let s1 = v128.load(out, 16);
    let s2 = v128.load(out, 32);
    let s3 = v128.load(out, 48);
    let s4 = v128.load(out, 64);
    let s5 = v128.load(out, 80);
    let s6 = v128.load(out, 96);
    let s7 = v128.load(out, 112);
    let from = x;
    for (let k = inputs; k > 0; k--) {
      const value = v128.load_splat<f32>(from);
      s0 = f32x4.add(s0, f32x4.mul(value, four<W>(w, 0)));
      s1 = f32x4.add(s1, f32x4.mul(value, four<W>(w, 1)));
      s2 = f32x4.add(s2, f32x4.mul(value, four<W>(w, 2)));
      s3 = f32x4.add(s3, f32x4.mul(value, four<W>(w, 3)));
      s4 = f32x4.add(s4, f32x4.mul(value, four<W>(w, 4)));
      s5 = f32x4.add(s5, f32x4.mul(value, four<W>(w, 5)));
      s6 = f32x4.add(s6, f32x4.mul(value, four<W>(w, 6)));
      s7 = f32x4.add(s7, f32x4.mul(value, four<W>(w, 7)));
      from += 4;
      w += 32 * sizeof<W>();
    }
    v128.store(out, f32x4.add(s0, v128.load(w)));
    v128.store(out, f32x4.add(s1, v128.load(w, 16)), 16);
    v128.store(out, f32x4.add(s2, v128.load(w, 32)), 32);
    v128.store(out, f32x4.add(s3, v128.load(w, 48)), 48);
    v128.store(out, f32x4.add(s4, v128.load(w, 64)), 64);
    v128.store(out, f32x4.add(s5, v128.load(w, 80)), 80);
    v128.store(out, f32x4.add(s6, v128.load(w, 96)), 96);
    v128.store(out, f32x4.add(s7, v128.load(w, 112)), 112);
    w += 128;
    out += 128;
  }
}

// Tiles of eight notes: x [input][8], out [output][8]. W in panels of 4 outputs, each used for all tiles.
export function accumulateEight(
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
    const biases = w + 16 * <usize>inputs;
    for (let tile = 0; tile < tiles; tile++) {
      let a0 = v128.load(to);
      let a1 = v128.load(to, 16);
      let b0 = v128.load(to, 32);
      let b1 = v128.load(to, 48);
      let c0 = v128.load(to, 64);
      let c1 = v128.load(to, 80);
      let d0 = v128.load(to, 96);
      let d1 = v128.load(to, 112);
      let from = first;
      for (let weight = w; weight < biases; weight += 16) {
        const x0 = v128.load(from);
        const x1 = v128.load(from, 16);
        let factor = v128.load_splat<f32>(weight);
        a0 = f32x4.add(a0, f32x4.mul(factor, x0));
        a1 = f32x4.add(a1, f32x4.mul(factor, x1));
        factor = v128.load_splat<f32>(weight, 4);
        b0 = f32x4.add(b0, f32x4.mul(factor, x0));
        b1 = f32x4.add(b1, f32x4.mul(factor, x1));
        factor = v128.load_splat<f32>(weight, 8);
        c0 = f32x4.add(c0, f32x4.mul(factor, x0));
        c1 = f32x4.add(c1, f32x4.mul(factor, x1));
        factor = v128.load_splat<f32>(weight, 12);
        d0 = f32x4.add(d0, f32x4.mul(factor, x0));
        d1 = f32x4.add(d1, f32x4.mul(factor, x1));
        from += 32;
      }
      let bias = v128.load_splat<f32>(biases);
      v128.store(to, f32x4.add(a0, bias));
      v128.store(to, f32x4.add(a1, bias), 16);
      bias = v128.load_splat<f32>(biases, 4);
      v128.store(to, f32x4.add(b0, bias), 32);
      v128.store(to, f32x4.add(b1, bias), 48);
      bias = v128.load_splat<f32>(biases, 8);
      v128.store(to, f32x4.add(c0, bias), 64);
      v128.store(to, f32x4.add(c1, bias), 80);
      bias = v128.load_splat<f32>(biases, 12);
      v128.store(to, f32x4.add(d0, bias), 96);
      v128.store(to, f32x4.add(d1, bias), 112);
      to += outStride;
      first += xStride;
    }
    w = biases + 16;
    out += 128;
  }
}

// A panel of 4 outputs of bfloat16 as one of floats.
export function widenHalves(w: usize, to: usize, inputs: i32): void {
  for (let i = inputs; i > 0; i -= 2) {
    v128.store(to, four<u16>(w, 0));
    v128.store(to, four<u16>(w, 1), 16);
    w += 16;
    to += 32;
  }
  v128.store(to, v128.load(w));
}
