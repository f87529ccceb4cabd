// A matrix product over packed panels, where most of the time of k-means and of the Frechet distance goes.
//
// Adds to C (row-major, `rowBytes` a row) the product of packed A and B: A in panels of 4 rows, stored [panel][depth][4]; B in panels of 4
// columns, stored [panel][depth][4]; all doubles, addresses in bytes, panels `panelBytes` apart. With `upper` = 1 only tiles on and above
// the diagonal are computed. No fused multiply-add: every machine gets the same bits. V8 loads as early as it can: more than 6 loads beside
// the 8 sums, or an unrolled loop, do not fit the registers.
export function tileMultiply(
  a: usize,
  b: usize,
  c: usize,
  rowPanels: i32,
  columnPanels: i32,
  depth: i32,
  panelBytes: usize,
  rowBytes: usize,
  upper: i32,
): void {
  for (let i = 0; i < rowPanels; i++) {
    for (let j = upper * i; j < columnPanels; j++) {
      let from = a + <usize>i * panelBytes;
      let to = b + <usize>j * panelBytes;
      let left0 = f64x2.splat(0);
      let left1 = left0;
      let left2 = left0;
      let left3 = left0;
      let right0 = left0;
      let right1 = left0;
      let right2 = left0;
      let right3 = left0;
      for (let p = depth; p > 0; p--) {
        const left = v128.load(to);
        const right = v128.load(to, 16);
        let factor = v128.load_splat<f64>(from);
        left0 = f64x2.add(left0, f64x2.mul(factor, left));
        right0 = f64x2.add(right0, f64x2.mul(factor, right));
        factor = v128.load_splat<f64>(from, 8);
        left1 = f64x2.add(left1, f64x2.mul(factor, left));
        right1 = f64x2.add(right1, f64x2.mul(factor, right));
        factor = v128.load_splat<f64>(from, 16);
        left2 = f64x2.add(left2, f64x2.mul(factor, left));
        right2 = f64x2.add(right2, f64x2.mul(factor, right));
        factor = v128.load_splat<f64>(from, 24);
        left3 = f64x2.add(left3, f64x2.mul(factor, left));
        right3 = f64x2.add(right3, f64x2.mul(factor, right));
        from += 32;
        to += 32;
      }
      let out = c + <usize>(4 * i) * rowBytes + <usize>j * 32;
      addRow(out, left0, right0);
      out += rowBytes;
      addRow(out, left1, right1);
      out += rowBytes;
      addRow(out, left2, right2);
      out += rowBytes;
      addRow(out, left3, right3);
    }
  }
}

function addRow(out: usize, left: v128, right: v128): void {
  v128.store(out, f64x2.add(v128.load(out), left));
  v128.store(out, f64x2.add(v128.load(out, 16), right), 16);
}

// One row less `shift`, spread over panels of 4 columns that are `panelBytes` apart, and added to `sums`. All have `columns` doubles, a
// multiple of 4.
export function tileSpread(row: usize, shift: usize, sums: usize, panels: usize, columns: i32, panelBytes: usize): void {
  for (let column = 0; column < columns; column += 4) {
    const left = f64x2.sub(v128.load(row), v128.load(shift));
    const right = f64x2.sub(v128.load(row, 16), v128.load(shift, 16));
    v128.store(panels, left);
    v128.store(panels, right, 16);
    v128.store(sums, f64x2.add(v128.load(sums), left));
    v128.store(sums, f64x2.add(v128.load(sums, 16), right), 16);
    row += 32;
    shift += 32;
    sums += 32;
    panels += panelBytes;
  }
}
