// One pass over the lower triangle of a symmetric A: subtracts v w^T + w v^T, and at once adds what comes out times u to `product`. Two rows
// at a time, for the matrix does not fit the fastest cache and every element then serves twice; their 2 x 2 blocks on the diagonal are kept
// whole. Addresses in bytes; `pairs` of rows of `rowBytes`.
export function rankTwoUpdate(a: usize, v: usize, w: usize, u: usize, product: usize, pairs: i32, rowBytes: usize): void {
  for (let i = 0; i < pairs; i++) {
    const diagonal = <usize>(16 * i);
    const upper = a + <usize>(2 * i) * rowBytes;
    const lower = upper + rowBytes;
    const vUpper = v128.load_splat<f64>(v + diagonal);
    const vLower = v128.load_splat<f64>(v + diagonal, 8);
    const wUpper = v128.load_splat<f64>(w + diagonal);
    const wLower = v128.load_splat<f64>(w + diagonal, 8);
    const uUpper = v128.load_splat<f64>(u + diagonal);
    const uLower = v128.load_splat<f64>(u + diagonal, 8);
    let dotUpper = f64x2.splat(0);
    let dotLower = dotUpper;
    for (let j: usize = 0; j <= diagonal; j += 16) {
      const vPair = v128.load(v + j);
      const wPair = v128.load(w + j);
      const uPair = v128.load(u + j);
      const first = f64x2.sub(v128.load(upper + j), f64x2.add(f64x2.mul(vUpper, wPair), f64x2.mul(wUpper, vPair)));
      v128.store(upper + j, first);
      dotUpper = f64x2.add(dotUpper, f64x2.mul(first, uPair));
      const second = f64x2.sub(v128.load(lower + j), f64x2.add(f64x2.mul(vLower, wPair), f64x2.mul(wLower, vPair)));
      v128.store(lower + j, second);
      dotLower = f64x2.add(dotLower, f64x2.mul(second, uPair));
      // The columns' share; the block on the diagonal counts as rows.
      if (j < diagonal) {
        const column = f64x2.add(f64x2.mul(first, uUpper), f64x2.mul(second, uLower));
        v128.store(product + j, f64x2.add(v128.load(product + j), column));
      }
    }
    const at = product + diagonal;
    const evens = v128.shuffle<f64>(dotUpper, dotLower, 0, 2);
    const odds = v128.shuffle<f64>(dotUpper, dotLower, 1, 3);
    v128.store(at, f64x2.add(v128.load(at), f64x2.add(evens, odds)));
  }
}
