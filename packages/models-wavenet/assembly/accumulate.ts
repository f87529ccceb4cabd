// out += W x, each output's sum in the order of the inputs, one multiplication and one addition at a time: a note gets the same bits alone
// and among others. Addresses in bytes.

// One note. W in panels of 32 outputs, stored [panel][input][32].
export function accumulateOne(w: usize, x: usize, out: usize, outputs: i32, inputs: i32): void {
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
      s0 = f32x4.add(s0, f32x4.mul(value, v128.load(w)));
      s1 = f32x4.add(s1, f32x4.mul(value, v128.load(w, 16)));
      s2 = f32x4.add(s2, f32x4.mul(value, v128.load(w, 32)));
      s3 = f32x4.add(s3, f32x4.mul(value, v128.load(w, 48)));
      s4 = f32x4.add(s4, f32x4.mul(value, v128.load(w, 64)));
      s5 = f32x4.add(s5, f32x4.mul(value, v128.load(w, 80)));
      s6 = f32x4.add(s6, f32x4.mul(value, v128.load(w, 96)));
      s7 = f32x4.add(s7, f32x4.mul(value, v128.load(w, 112)));
      from += 4;
      w += 128;
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    v128.store(out, s4, 64);
    v128.store(out, s5, 80);
    v128.store(out, s6, 96);
    v128.store(out, s7, 112);
    out += 128;
  }
}

// Tiles of eight notes: x [input][8], out [output][8]. W in panels of 4 outputs, stored [panel][input][4], each panel used for all tiles.
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
      let weight = w;
      for (let k = inputs; k > 0; k--) {
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
        weight += 16;
      }
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to, b0, 32);
      v128.store(to, b1, 48);
      v128.store(to, c0, 64);
      v128.store(to, c1, 80);
      v128.store(to, d0, 96);
      v128.store(to, d1, 112);
      to += outStride;
      first += xStride;
    }
    w += (<usize>inputs) << 4;
    out += 128;
  }
}
