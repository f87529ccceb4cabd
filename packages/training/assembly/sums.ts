// Sums in two stages: few values in single precision, on many lanes, and what they come to without loss. The error then does not grow with
// how much is added up; one after another, a million values of one size lose 5e-4 of their sum.

const rowGroup = 64;
const spanGroup = 512;

/**
 * Columns [from, to) of the sum over rows, times a factor: what a bias gradient is. Groups of rows are added up, then the groups, each with what its addition
 * lost (Knuth's two-sum) kept in `lost`, a row of the same length.
 */
export function sumRows(x: usize, y: usize, lost: usize, rows: i32, columns: i32, factor: f32, from: i32, to: i32): void {
  const row = (<usize>columns) << 2;
  const bytes = (<usize>(to - from)) << 2;
  memory.fill(y + ((<usize>from) << 2), 0, bytes);
  memory.fill(lost + ((<usize>from) << 2), 0, bytes);
  for (let start = 0; start < rows; start += rowGroup) {
    const end = min(start + rowGroup, rows);
    let c = from;
    for (; c + 8 <= to; c += 8) {
      const offset = (<usize>c) << 2;
      let source = x + <usize>start * row + offset;
      let s0 = f32x4.splat(0),
        s1 = f32x4.splat(0);
      for (let r = start; r < end; r++) {
        s0 = f32x4.add(s0, v128.load(source));
        s1 = f32x4.add(s1, v128.load(source, 16));
        source += row;
      }
      addFour(y + offset, lost + offset, s0);
      addFour(y + offset + 16, lost + offset + 16, s1);
    }
    for (; c < to; c++) {
      const offset = (<usize>c) << 2;
      let source = x + <usize>start * row + offset;
      let sum: f32 = 0;
      for (let r = start; r < end; r++) {
        sum += load<f32>(source);
        source += row;
      }
      const before = load<f32>(y + offset);
      const after = before + sum;
      const added = after - before;
      store<f32>(lost + offset, load<f32>(lost + offset) + (before - (after - added) + (sum - added)));
      store<f32>(y + offset, after);
    }
  }
  for (let c = from; c < to; c++) {
    const offset = (<usize>c) << 2;
    const sum = load<f32>(y + offset);
    const error = load<f32>(lost + offset);
    // An infinite sum has lost infinity minus infinity.
    store<f32>(y + offset, (isNaN(error) ? sum : sum + error) * factor);
  }
}

function addFour(y: usize, lost: usize, sum: v128): void {
  const before = v128.load(y);
  const after = f32x4.add(before, sum);
  const added = f32x4.sub(after, before);
  const error = f32x4.add(f32x4.sub(before, f32x4.sub(after, added)), f32x4.sub(sum, added));
  v128.store(lost, f32x4.add(v128.load(lost), error));
  v128.store(y, after);
}

/** Sums [from, to), times a factor, each over `size` values that lie one after another. Groups are added up in double precision. */
export function sumSpans(x: usize, y: usize, size: i32, factor: f64, from: i32, to: i32): void {
  for (let n = from; n < to; n++) {
    let source = x + ((<usize>n * <usize>size) << 2);
    let total: f64 = 0;
    let left = size;
    while (left >= 16) {
      const steps = min(left, spanGroup) >> 4;
      let s0 = f32x4.splat(0),
        s1 = f32x4.splat(0),
        s2 = f32x4.splat(0),
        s3 = f32x4.splat(0);
      for (let step = 0; step < steps; step++) {
        s0 = f32x4.add(s0, v128.load(source));
        s1 = f32x4.add(s1, v128.load(source, 16));
        s2 = f32x4.add(s2, v128.load(source, 32));
        s3 = f32x4.add(s3, v128.load(source, 48));
        source += 64;
      }
      const lanes = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
      total +=
        <f64>f32x4.extract_lane(lanes, 0) +
        <f64>f32x4.extract_lane(lanes, 1) +
        (<f64>f32x4.extract_lane(lanes, 2) + <f64>f32x4.extract_lane(lanes, 3));
      left -= steps << 4;
    }
    for (; left > 0; left--) {
      total += <f64>load<f32>(source);
      source += 4;
    }
    store<f32>(y + ((<usize>n) << 2), <f32>(total * factor));
  }
}
