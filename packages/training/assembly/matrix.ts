// C[m, n] += sum over k of A[m, k] * B[k, n]. All strides are in bytes; B and C have contiguous columns.
// A[m, k] lies at a + m * aRow + k * aColumn, so a transposed A costs nothing.

export function multiplyAdd(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  columns: i32,
  depth: i32,
): void {
  const columns4 = columns & ~3;
  const columns8 = columns & ~7;
  const rows4 = rows & ~3;
  for (let m = 0; m < rows4; m += 4) {
    const am = a + <usize>m * aRow;
    const cm = c + <usize>m * cRow;
    for (let n = 0; n < columns8; n += 8)
      block4x8(am, aRow, aColumn, b + ((<usize>n) << 2), bRow, cm + ((<usize>n) << 2), cRow, depth);
    if (columns8 < columns4)
      block4x4(am, aRow, aColumn, b + ((<usize>columns8) << 2), bRow, cm + ((<usize>columns8) << 2), cRow, depth);
  }
  for (let m = rows4; m < rows; m++) {
    const am = a + <usize>m * aRow;
    const cm = c + <usize>m * cRow;
    for (let n = 0; n < columns8; n += 8) block1x8(am, aColumn, b + ((<usize>n) << 2), bRow, cm + ((<usize>n) << 2), depth);
    if (columns8 < columns4) block1x4(am, aColumn, b + ((<usize>columns8) << 2), bRow, cm + ((<usize>columns8) << 2), depth);
  }
  for (let n = columns4; n < columns; n++)
    column(a, aRow, aColumn, b + ((<usize>n) << 2), bRow, c + ((<usize>n) << 2), cRow, rows, depth);
}

function block4x8(a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, depth: i32): void {
  const aRow2 = aRow << 1;
  const aRow3 = aRow2 + aRow;
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = v128.load(c),
    s01 = v128.load(c, 16);
  let s10 = v128.load(c1),
    s11 = v128.load(c1, 16);
  let s20 = v128.load(c2),
    s21 = v128.load(c2, 16);
  let s30 = v128.load(c3),
    s31 = v128.load(c3, 16);
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b),
      b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    s00 = f32x4.add(s00, f32x4.mul(a0, b0));
    s01 = f32x4.add(s01, f32x4.mul(a0, b1));
    const a1 = v128.load_splat<f32>(a + aRow);
    s10 = f32x4.add(s10, f32x4.mul(a1, b0));
    s11 = f32x4.add(s11, f32x4.mul(a1, b1));
    const a2 = v128.load_splat<f32>(a + aRow2);
    s20 = f32x4.add(s20, f32x4.mul(a2, b0));
    s21 = f32x4.add(s21, f32x4.mul(a2, b1));
    const a3 = v128.load_splat<f32>(a + aRow3);
    s30 = f32x4.add(s30, f32x4.mul(a3, b0));
    s31 = f32x4.add(s31, f32x4.mul(a3, b1));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function block4x4(a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, depth: i32): void {
  const aRow2 = aRow << 1;
  const aRow3 = aRow2 + aRow;
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s0 = v128.load(c),
    s1 = v128.load(c1),
    s2 = v128.load(c2),
    s3 = v128.load(c3);
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a), b0));
    s1 = f32x4.add(s1, f32x4.mul(v128.load_splat<f32>(a + aRow), b0));
    s2 = f32x4.add(s2, f32x4.mul(v128.load_splat<f32>(a + aRow2), b0));
    s3 = f32x4.add(s3, f32x4.mul(v128.load_splat<f32>(a + aRow3), b0));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c1, s1);
  v128.store(c2, s2);
  v128.store(c3, s3);
}

function block1x8(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32): void {
  let s0 = v128.load(c),
    s1 = v128.load(c, 16);
  for (let k = 0; k < depth; k++) {
    const a0 = v128.load_splat<f32>(a);
    s0 = f32x4.add(s0, f32x4.mul(a0, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(a0, v128.load(b, 16)));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}

function block1x4(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, depth: i32): void {
  let s0 = v128.load(c);
  for (let k = 0; k < depth; k++) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load_splat<f32>(a), v128.load(b)));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
}

// One column of C. Where A's rows are contiguous (a transposed matrix) eight of them go together.
function column(
  a: usize,
  aRow: usize,
  aColumn: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  rows: i32,
  depth: i32,
): void {
  let m = 0;
  if (aRow === 4) {
    for (; m + 8 <= rows; m += 8) {
      let s0 = f32x4.splat(0),
        s1 = f32x4.splat(0);
      let ak = a + ((<usize>m) << 2);
      let bk = b;
      for (let k = 0; k < depth; k++) {
        const b0 = v128.load_splat<f32>(bk);
        s0 = f32x4.add(s0, f32x4.mul(v128.load(ak), b0));
        s1 = f32x4.add(s1, f32x4.mul(v128.load(ak, 16), b0));
        ak += aColumn;
        bk += bRow;
      }
      let cm = c + <usize>m * cRow;
      addTo(cm, f32x4.extract_lane(s0, 0));
      cm += cRow;
      addTo(cm, f32x4.extract_lane(s0, 1));
      cm += cRow;
      addTo(cm, f32x4.extract_lane(s0, 2));
      cm += cRow;
      addTo(cm, f32x4.extract_lane(s0, 3));
      cm += cRow;
      addTo(cm, f32x4.extract_lane(s1, 0));
      cm += cRow;
      addTo(cm, f32x4.extract_lane(s1, 1));
      cm += cRow;
      addTo(cm, f32x4.extract_lane(s1, 2));
      cm += cRow;
      addTo(cm, f32x4.extract_lane(s1, 3));
    }
  }
  for (; m < rows; m++) {
    let sum: f32 = 0;
    let ak = a + <usize>m * aRow;
    let bk = b;
    for (let k = 0; k < depth; k++) {
      sum += load<f32>(ak) * load<f32>(bk);
      ak += aColumn;
      bk += bRow;
    }
    addTo(c + <usize>m * cRow, sum);
  }
}

function addTo(pointer: usize, value: f32): void {
  store<f32>(pointer, load<f32>(pointer) + value);
}

// B[column, row] = A[row, column], both contiguous.
export function transpose(a: usize, b: usize, rows: i32, columns: i32): void {
  const aRow = (<usize>columns) << 2;
  const bRow = (<usize>rows) << 2;
  const rows4 = rows & ~3;
  const columns4 = columns & ~3;
  for (let m = 0; m < rows4; m += 4) {
    const am = a + <usize>m * aRow;
    const bm = b + ((<usize>m) << 2);
    for (let n = 0; n < columns4; n += 4) {
      const source = am + ((<usize>n) << 2);
      const r0 = v128.load(source),
        r1 = v128.load(source + aRow);
      const r2 = v128.load(source + 2 * aRow),
        r3 = v128.load(source + 3 * aRow);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5),
        high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5),
        high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      const target = bm + <usize>n * bRow;
      v128.store(target, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      v128.store(target + bRow, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
      v128.store(target + 2 * bRow, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
      v128.store(target + 3 * bRow, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    }
    for (let n = columns4; n < columns; n++) {
      for (let i = 0; i < 4; i++) {
        store<f32>(bm + <usize>n * bRow + ((<usize>i) << 2), load<f32>(am + <usize>i * aRow + ((<usize>n) << 2)));
      }
    }
  }
  for (let m = rows4; m < rows; m++) {
    for (let n = 0; n < columns; n++)
      store<f32>(b + <usize>n * bRow + ((<usize>m) << 2), load<f32>(a + <usize>m * aRow + ((<usize>n) << 2)));
  }
}
