const hann = (away: number, reach: number): number =>
  Math.abs(away) > reach ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * away) / (reach + 1));

/** [size, size]: means of each value's neighbourhood, the nearest counting most. */
export function means(size: number, reach: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const weights = Array.from({ length: size }, (_, column) => hann(column - row, reach));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (const [column, weight] of weights.entries()) matrix[row * size + column] = weight / sum;
  }
  return matrix;
}

/** [size, size]: the value at its own place of the parabola that fits each value's neighbourhood best. @see Savitzky and Golay 1964 */
export function parabolas(size: number, reach: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const weights = Array.from({ length: size }, (_, column) => hann(column - row, reach));
    const moment = (power: number): number =>
      weights.reduce((sum, weight, column) => sum + weight * ((column - row) / reach) ** power, 0);
    const [m0, m1, m2, m3, m4] = [0, 1, 2, 3, 4].map(moment) as [number, number, number, number, number];
    // The first row of the inverse of the moments' matrix, by cofactors.
    const [c0, c1, c2] = [m2 * m4 - m3 * m3, m2 * m3 - m1 * m4, m1 * m3 - m2 * m2];
    const determinant = m0 * c0 + m1 * c1 + m2 * c2;
    for (const [column, weight] of weights.entries()) {
      const x = (column - row) / reach;
      matrix[row * size + column] = (weight * (c0 + c1 * x + c2 * x * x)) / determinant;
    }
  }
  return matrix;
}
