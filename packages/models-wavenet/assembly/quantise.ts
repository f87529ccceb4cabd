// Vectors of floats as whole numbers of 16 bits, each lane's largest magnitude as `most`: as ./dot takes them.

// Below it, 1 / largest overflows: such a vector is zero.
const smallest: f32 = 1e-30;

function perUnit(largest: v128, most: f32): v128 {
  return v128.and(f32x4.div(f32x4.splat(most), largest), f32x4.gt(largest, f32x4.splat(smallest)));
}

// Rounded to whole numbers from -32768 to 32767: the lower half of the bits of 1.5 * 2^23 and more, whose last is worth one.
function whole(values: v128, factor: v128): v128 {
  return f32x4.add(f32x4.mul(values, factor), f32x4.splat(12582912));
}

function larger(largest: v128, at: usize): v128 {
  return f32x4.max(largest, f32x4.abs(v128.load(at)));
}

// `rows` floats, a multiple of 8.
export function quantiseOne(from: usize, to: usize, rows: i32, most: f32): void {
  const bytes = (<usize>rows) << 2;
  let largest = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) largest = larger(largest, from + i);
  largest = f32x4.max(largest, v128.shuffle<f32>(largest, largest, 2, 3, 0, 1));
  largest = f32x4.max(largest, v128.shuffle<f32>(largest, largest, 1, 0, 3, 2));
  const factor = perUnit(largest, most);
  for (let i: usize = 0; i < bytes; i += 32) {
    const first = whole(v128.load(from + i), factor);
    const last = whole(v128.load(from + i, 16), factor);
    v128.store(to + (i >> 1), v128.shuffle<i16>(first, last, 0, 2, 4, 6, 8, 10, 12, 14));
  }
  store<f32>(to + (bytes >> 1), f32x4.extract_lane(largest, 0) / most);
}

// [rows][8] floats, rows an even number: [rows / 2][8][2].
export function quantiseEight(from: usize, to: usize, rows: i32, most: f32): void {
  const bytes = (<usize>rows) << 5;
  for (let half: usize = 0; half < 32; half += 16) {
    let largest = f32x4.splat(0);
    for (let i = half; i < bytes; i += 32) largest = larger(largest, from + i);
    const factor = perUnit(largest, most);
    let pairs = to + half;
    for (let i = half; i < bytes; i += 64) {
      const even = v128.and(whole(v128.load(from + i), factor), i32x4.splat(0xffff));
      v128.store(pairs, v128.or(even, i32x4.shl(whole(v128.load(from + i, 32), factor), 16)));
      pairs += 32;
    }
    v128.store(pairs, f32x4.div(largest, f32x4.splat(most)));
  }
}
