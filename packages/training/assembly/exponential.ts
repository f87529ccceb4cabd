// exp(x) of four numbers, within 2 units in the last place; x is clamped to [-87, 87], where float32 neither overflows nor loses digits.
// x = n ln 2 + r, |r| <= ln 2 / 2; exp(r) by the polynomial of Cephes' expf (Moshier), 2^n by its exponent's bits.
export function exp4(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(87)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let y = f32x4.splat(1.98756915e-4);
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.3981999507e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(8.3334519073e-3));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(4.1665795894e-2));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(1.6666665459e-1));
  y = f32x4.add(f32x4.mul(y, r), f32x4.splat(5.0000001201e-1));
  y = f32x4.add(f32x4.add(f32x4.mul(y, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

// g = sigmoid(a) tanh(b), `count` numbers each, a multiple of 4: (1 - q) / ((1 + p) (1 + q)) with p = exp(-a), q = exp(-2b). Beyond 43 either
// makes the product zero, or one, for float32, and must not overflow it.
export function gate(a: usize, b: usize, g: usize, count: i32): void {
  const one = f32x4.splat(1);
  const most = f32x4.splat(43);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
    const p = exp4(f32x4.min(f32x4.neg(v128.load(a + i)), most));
    const q = exp4(f32x4.min(f32x4.mul(v128.load(b + i), f32x4.splat(-2)), most));
    v128.store(g + i, f32x4.div(f32x4.sub(one, q), f32x4.mul(f32x4.add(one, p), f32x4.add(one, q))));
  }
}
