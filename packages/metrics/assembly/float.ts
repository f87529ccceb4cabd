// Rows of doubles, less `shift`, as rows of floats, with their squared lengths as doubles; `width` a multiple of 4.
export function floatNarrow(from: usize, shift: usize, to: usize, squares: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    let origin = shift;
    let sum = f64x2.splat(0);
    for (let column = 0; column < width; column += 4) {
      const low = f64x2.sub(v128.load(from), v128.load(origin));
      sum = f64x2.add(f64x2.mul(low, low), sum);
      const high = f64x2.sub(v128.load(from, 16), v128.load(origin, 16));
      sum = f64x2.add(f64x2.mul(high, high), sum);
      v128.store(to, v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5));
      from += 32;
      origin += 32;
      to += 16;
    }
    store<f64>(squares, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    squares += 8;
  }
}

// out[row][other] = scalar product of rows of `rowBytes` floats; `rows` a multiple of 4, `others` of 2.
export function floatMultiply(a: usize, b: usize, out: usize, rows: i32, others: i32, rowBytes: usize, outBytes: usize): void {
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j < others; j += 2) {
      let row0 = a + <usize>i * rowBytes;
      let row1 = row0 + rowBytes;
      let row2 = row1 + rowBytes;
      let row3 = row2 + rowBytes;
      let one = b + <usize>j * rowBytes;
      let two = one + rowBytes;
      const end = row1;
      let one0 = f32x4.splat(0);
      let one1 = one0;
      let one2 = one0;
      let one3 = one0;
      let two0 = one0;
      let two1 = one0;
      let two2 = one0;
      let two3 = one0;
      while (row0 < end) {
        const first = v128.load(one);
        const second = v128.load(two);
        let factor = v128.load(row0);
        one0 = f32x4.add(one0, f32x4.mul(factor, first));
        two0 = f32x4.add(two0, f32x4.mul(factor, second));
        factor = v128.load(row1);
        one1 = f32x4.add(one1, f32x4.mul(factor, first));
        two1 = f32x4.add(two1, f32x4.mul(factor, second));
        factor = v128.load(row2);
        one2 = f32x4.add(one2, f32x4.mul(factor, first));
        two2 = f32x4.add(two2, f32x4.mul(factor, second));
        factor = v128.load(row3);
        one3 = f32x4.add(one3, f32x4.mul(factor, first));
        two3 = f32x4.add(two3, f32x4.mul(factor, second));
        row0 += 16;
        row1 += 16;
        row2 += 16;
        row3 += 16;
        one += 16;
        two += 16;
      }
      let target = out + <usize>i * outBytes + <usize>j * 4;
      putPair(target, one0, two0);
      target += outBytes;
      putPair(target, one1, two1);
      target += outBytes;
      putPair(target, one2, two2);
      target += outBytes;
      putPair(target, one3, two3);
    }
  }
}

function putPair(target: usize, one: v128, two: v128): void {
  store<f32>(target, sumOf(one));
  store<f32>(target, sumOf(two), 4);
}

function sumOf(four: v128): f32 {
  const pairs = f32x4.add(four, v128.shuffle<f32>(four, four, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}
