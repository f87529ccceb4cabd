import { exp1, exp4, gate } from './exponential';

// Rows [from, to) of 2 * width values, gates before signals, made into rows of width: sigmoid(gate) * tanh(signal).
export function gated(x: usize, y: usize, width: i32, from: i32, to: i32): void {
  const row = (<usize>width) << 2;
  const whole = width & ~3;
  for (let i = from; i < to; i++) {
    const gates = x + 2 * row * <usize>i;
    const signals = gates + row;
    const target = y + row * <usize>i;
    gate(gates, signals, target, whole);
    for (let offset = (<usize>whole) << 2; offset < row; offset += 4) {
      const p = exp1(min<f32>(-load<f32>(gates + offset), 43));
      const q = exp1(min<f32>(-2 * load<f32>(signals + offset), 43));
      store<f32>(target + offset, (1 - q) / ((1 + p) * (1 + q)));
    }
  }
}

// Its gradient. With s = sigmoid(gate) and t = tanh(signal): dy t s (1 - s) and dy s (1 - t^2), where 1 - s = s p and 1 - t^2 = 4 q / (1 + q)^2
// lose no digits.
export function gatedGrad(dy: usize, x: usize, dx: usize, width: i32, from: i32, to: i32): void {
  const one = f32x4.splat(1);
  const most = f32x4.splat(43);
  const row = (<usize>width) << 2;
  const whole = (<usize>(width & ~3)) << 2;
  for (let i = from; i < to; i++) {
    const gates = x + 2 * row * <usize>i;
    const signals = gates + row;
    const slopes = dy + row * <usize>i;
    const toGates = dx + 2 * row * <usize>i;
    const toSignals = toGates + row;
    let offset: usize = 0;
    for (; offset < whole; offset += 16) {
      const slope = v128.load(slopes + offset);
      const p = exp4(f32x4.min(f32x4.neg(v128.load(gates + offset)), most));
      const q = exp4(f32x4.min(f32x4.mul(v128.load(signals + offset), f32x4.splat(-2)), most));
      const s = f32x4.div(one, f32x4.add(one, p));
      const half = f32x4.div(one, f32x4.add(one, q));
      const t = f32x4.mul(f32x4.sub(one, q), half);
      const through = f32x4.mul(slope, s);
      v128.store(toGates + offset, f32x4.mul(f32x4.mul(through, t), f32x4.mul(s, p)));
      v128.store(toSignals + offset, f32x4.mul(through, f32x4.mul(f32x4.mul(f32x4.splat(4), q), f32x4.mul(half, half))));
    }
    for (; offset < row; offset += 4) {
      const p = exp1(min<f32>(-load<f32>(gates + offset), 43));
      const q = exp1(min<f32>(-2 * load<f32>(signals + offset), 43));
      const s: f32 = 1 / (1 + p);
      const half: f32 = 1 / (1 + q);
      const through = load<f32>(slopes + offset) * s;
      store<f32>(toGates + offset, through * ((1 - q) * half) * (s * p));
      store<f32>(toSignals + offset, through * (4 * q * (half * half)));
    }
  }
}
