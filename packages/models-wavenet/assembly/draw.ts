import { exp1, exp4 } from '../../training/assembly/exponential';

// The code that a uniform number draws, -128 to 127: the first at which the sum of the softmax reaches it. `logits` are `step` bytes apart.
export function drawCode(logits: usize, step: usize, scratch: usize, uniform: f32): f32 {
  let most: f32 = load<f32>(logits);
  for (let i = 0; i < 256; i++) {
    const value = load<f32>(logits + <usize>i * step);
    most = max(most, value);
    store<f32>(scratch + ((<usize>i) << 2), value);
  }
  let sum: f32 = 0;
  for (let i = 0; i < 256; i += 4) {
    const at = scratch + ((<usize>i) << 2);
    const e = exp4(f32x4.sub(v128.load(at), f32x4.splat(most)));
    v128.store(at, e);
    sum += f32x4.extract_lane(e, 0);
    sum += f32x4.extract_lane(e, 1);
    sum += f32x4.extract_lane(e, 2);
    sum += f32x4.extract_lane(e, 3);
  }
  let reached: f32 = 0;
  for (let i = 0; i < 255; i++) {
    reached += load<f32>(scratch + ((<usize>i) << 2)) / sum;
    if (reached >= uniform) return <f32>(i - 128);
  }
  return 127;
}

// A 16-bit sample of a mixture of logistics. `noise` is Gumbel's for each logistic, then the logistic's.
export function drawSample(parameters: usize, step: usize, mixtures: i32, noise: usize, floor: f32): f32 {
  let chosen = 0;
  let best: f32 = -Infinity;
  for (let k = 0; k < mixtures; k++) {
    const value = load<f32>(parameters + <usize>k * step) + load<f32>(noise + ((<usize>k) << 2));
    if (value > best) {
      best = value;
      chosen = k;
    }
  }
  const mean = load<f32>(parameters + <usize>(mixtures + chosen) * step);
  const scale = exp1(max(floor, load<f32>(parameters + <usize>(2 * mixtures + chosen) * step)));
  const sample = mean + scale * load<f32>(noise + ((<usize>mixtures) << 2));
  return max<f32>(-32768, min<f32>(32767, f32.floor(sample * 32768 + 0.5))) / 32768;
}
