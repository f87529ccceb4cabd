// What Winograd convolutions and their filter gradients share; the formulas are in winograd.ts.

export function rowAt(start: usize, row: i32, height: i32, size: usize, zeros: usize): usize {
  return row >= 0 && row < height ? start + <usize>row * size : zeros;
}

export function plainRows(d0: usize, d1: usize, d2: usize, d3: usize, target: usize, step: usize, size: usize): void {
  const vectors = size & ~15;
  for (let i: usize = 0; i < vectors; i += 16) {
    const v0 = v128.load(d0 + i),
      v1 = v128.load(d1 + i),
      v2 = v128.load(d2 + i),
      v3 = v128.load(d3 + i);
    const at = target + i;
    v128.store(at, f32x4.sub(v0, v2));
    v128.store(at + step, f32x4.add(v1, v2));
    v128.store(at + 2 * step, f32x4.sub(v2, v1));
    v128.store(at + 3 * step, f32x4.sub(v1, v3));
  }
  for (let i = vectors; i < size; i += 4) {
    const v0 = load<f32>(d0 + i),
      v1 = load<f32>(d1 + i),
      v2 = load<f32>(d2 + i),
      v3 = load<f32>(d3 + i);
    const at = target + i;
    store<f32>(at, v0 - v2);
    store<f32>(at + step, v1 + v2);
    store<f32>(at + 2 * step, v2 - v1);
    store<f32>(at + 3 * step, v1 - v3);
  }
}

// The same along the columns: tiles are two pixels apart.
export function plainColumns(source: usize, target: usize, point: usize, pixel: usize, count: i32): void {
  for (let t = 0; t < count; t++, source += 2 * pixel, target += pixel) {
    plainRows(source, source + pixel, source + 2 * pixel, source + 3 * pixel, target, point, pixel);
  }
}

export function loadColumns(source: usize, count: i32): v128 {
  if (count >= 4) return v128.load(source);
  let values = f32x4.splat(0);
  if (count > 0) values = f32x4.replace_lane(values, 0, load<f32>(source));
  if (count > 1) values = f32x4.replace_lane(values, 1, load<f32>(source, 4));
  if (count > 2) values = f32x4.replace_lane(values, 2, load<f32>(source, 8));
  return values;
}

export function storeColumns(target: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(target, values);
    return;
  }
  store<f32>(target, f32x4.extract_lane(values, 0));
  if (count > 1) store<f32>(target, f32x4.extract_lane(values, 1), 4);
  if (count > 2) store<f32>(target, f32x4.extract_lane(values, 2), 8);
}
