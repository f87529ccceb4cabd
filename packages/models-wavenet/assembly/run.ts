import { accumulateEight, accumulateOne } from './accumulate';
import { drawCode, drawSample } from './draw';
import { gate } from './exponential';
import * as P from './plan';
import { address, layer, word } from './plan';

// out += W x for all tiles.
function accumulate(plan: usize, w: usize, x: usize, out: usize, outputs: i32, inputs: i32): void {
  const stride = address(plan, P.TILE_BYTES);
  const tiles = word(plan, P.TILES);
  if (word(plan, P.LANES) === 8) {
    accumulateEight(w, x, stride, out, stride, tiles, outputs, inputs);
    return;
  }
  for (let tile = 0; tile < tiles; tile++)
    accumulateOne(w, x + <usize>tile * stride, out + <usize>tile * stride, outputs, inputs);
}

// Of the plan at hand: bytes of a row, and parts of the first tile.
let rowBytes: usize = 0;
let x: usize = 0;
let gated: usize = 0;
let skip: usize = 0;
let head: usize = 0;
let sums: usize = 0;
let outputs: usize = 0;
let conditions: usize = 0;
let headCondition: usize = 0;

function locate(plan: usize): void {
  rowBytes = (<usize>word(plan, P.LANES)) << 2;
  x = address(plan, P.X);
  gated = address(plan, P.GATED);
  skip = address(plan, P.SKIP_SUM);
  head = address(plan, P.HEAD);
  sums = address(plan, P.SUMS);
  outputs = address(plan, P.OUTPUT);
  conditions = address(plan, P.CONDITIONS);
  headCondition = address(plan, P.HEAD_CONDITION);
}

// Takes over the frames that lie in the states: what they add to each layer and to the head, biases included.
export function condition(plan: usize): void {
  locate(plan);
  const depth = word(plan, P.CHANNELS) + 1;
  const width = word(plan, P.WIDTH);
  const layers = word(plan, P.LAYERS);
  const bytes = 2 * <usize>width * rowBytes;
  const frame = address(plan, P.FRAME);
  fill(plan, conditions, <usize>layers * bytes);
  fill(plan, headCondition, <usize>word(plan, P.SKIP) * rowBytes);
  for (let index = 0; index < layers; index++)
    accumulate(plan, address(layer(plan, index), P.CONDITION), frame, conditions + <usize>index * bytes, 2 * width, depth);
  accumulate(plan, address(plan, P.OUT1_CONDITION), frame, headCondition, word(plan, P.SKIP), depth);
}

// Zeros in all tiles.
function fill(plan: usize, at: usize, bytes: usize): void {
  const stride = address(plan, P.TILE_BYTES);
  for (let tile = word(plan, P.TILES); tile > 0; tile--) {
    memory.fill(at, 0, bytes);
    at += stride;
  }
}

function copy(plan: usize, from: usize, to: usize, bytes: usize): void {
  const stride = address(plan, P.TILE_BYTES);
  for (let tile = word(plan, P.TILES); tile > 0; tile--) {
    memory.copy(to, from, bytes);
    from += stride;
    to += stride;
  }
}

// to = max(from, 0), in all tiles
function relu(plan: usize, from: usize, to: usize, bytes: usize): void {
  const stride = address(plan, P.TILE_BYTES);
  const zero = f32x4.splat(0);
  for (let tile = word(plan, P.TILES); tile > 0; tile--) {
    for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.max(v128.load(from + i), zero));
    from += stride;
    to += stride;
  }
}

function gates(plan: usize, count: i32): void {
  const stride = address(plan, P.TILE_BYTES);
  const bytes = (<usize>count) << 2;
  let offset: usize = 0;
  for (let tile = word(plan, P.TILES); tile > 0; tile--) {
    gate(sums + offset, sums + offset + bytes, gated + offset, count);
    offset += stride;
  }
}

// What the conditioning and the older taps add in the eight steps from `time` on, for one note at a time: a product of matrices, for which the
// weights are read once instead of eight times. Each sum in the same order as step by step.
function lookAhead(plan: usize, own: usize, condition: usize, time: i32): void {
  const width = word(plan, P.WIDTH);
  const older = word(plan, P.TAPS) - 1;
  const dilation = word(own, P.DILATION);
  const slots = older * dilation;
  const widthBytes = (<usize>width) << 2;
  const tapBytes = (<usize>(2 * width * width)) << 2;
  const gathered = address(plan, P.GATHERED);
  const stride = address(plan, P.TILE_BYTES);
  for (let tile = 0; tile < word(plan, P.TILES); tile++) {
    const offset = <usize>tile * stride;
    const ahead = address(own, P.AHEAD) + offset;
    for (let i: usize = 0; i < <usize>(2 * width); i++) {
      const value = v128.load_splat<f32>(condition + offset + (i << 2));
      v128.store(ahead + (i << 5), value);
      v128.store(ahead + (i << 5), value, 16);
    }
    for (let tap = 0; tap < older; tap++) {
      for (let step: usize = 0; step < 8; step++) {
        const slot = (time + <i32>step + tap * dilation) % slots;
        const from = address(own, P.RING) + offset + <usize>slot * widthBytes;
        for (let i: usize = 0; i < <usize>width; i++) store<f32>(gathered + (i << 5) + (step << 2), load<f32>(from + (i << 2)));
      }
      accumulateEight(address(own, P.OLDER_WEIGHTS) + <usize>tap * tapBytes, gathered, 0, ahead, 0, 1, 2 * width, width);
    }
  }
}

// The sums of one of the eight steps.
function recallAhead(plan: usize, ahead: usize, step: i32, count: i32): void {
  const stride = address(plan, P.TILE_BYTES);
  for (let tile = 0; tile < word(plan, P.TILES); tile++) {
    const from = ahead + <usize>tile * stride + ((<usize>step) << 2);
    const to = sums + <usize>tile * stride;
    for (let i: usize = 0; i < <usize>count; i++) store<f32>(to + (i << 2), load<f32>(from + (i << 5)));
  }
}

// Outputs for the sample `time`, from the samples before it, which lie in the states.
function predict(plan: usize, time: i32): void {
  const taps = word(plan, P.TAPS);
  const width = word(plan, P.WIDTH);
  const skips = word(plan, P.SKIP);
  const layers = word(plan, P.LAYERS);
  const widthBytes = <usize>width * rowBytes;
  const skipBytes = <usize>skips * rowBytes;
  fill(plan, x, widthBytes);
  accumulate(plan, address(plan, P.START), address(plan, P.INPUTS), x, width, taps + 1);
  fill(plan, skip, skipBytes);
  accumulate(plan, address(plan, P.SKIP_START), x, skip, skips, width + 1);
  for (let index = 0; index < layers; index++) {
    const own = layer(plan, index);
    const dilation = word(own, P.DILATION);
    const slots = (taps - 1) * dilation;
    const ring = address(own, P.RING);
    const weights = address(own, P.TAP_WEIGHTS);
    const tapBytes = (<usize>(2 * width * width)) << 2;
    const condition = conditions + <usize>index * 2 * widthBytes;
    const older = address(own, P.OLDER_WEIGHTS);
    if (older !== 0) {
      if (time % 8 === 0) lookAhead(plan, own, condition, time);
      recallAhead(plan, address(own, P.AHEAD), time % 8, 2 * width);
      accumulate(plan, weights, x, sums, 2 * width, width);
    } else {
      copy(plan, condition, sums, 2 * widthBytes);
      for (let tap = 0; tap < taps - 1; tap++) {
        const slot = (time + tap * dilation) % slots;
        accumulate(plan, weights + <usize>tap * tapBytes, ring + <usize>slot * widthBytes, sums, 2 * width, width);
      }
      accumulate(plan, weights + <usize>(taps - 1) * tapBytes, x, sums, 2 * width, width);
    }
    gates(plan, width * word(plan, P.LANES));
    if (slots > 0) copy(plan, x, ring + <usize>(time % slots) * widthBytes, widthBytes);
    const residual = address(own, P.RESIDUAL);
    if (residual !== 0) accumulate(plan, residual, gated, x, width, width + 1);
    accumulate(plan, address(own, P.SKIPS), gated, skip, skips, width + 1);
  }
  relu(plan, skip, skip, skipBytes);
  copy(plan, headCondition, head, skipBytes);
  accumulate(plan, address(plan, P.OUT1), skip, head, skips, skips);
  relu(plan, head, head, skipBytes);
  fill(plan, outputs, <usize>word(plan, P.OUTPUTS) * rowBytes);
  accumulate(plan, address(plan, P.LOGITS), head, outputs, word(plan, P.OUTPUTS), skips + 1);
}

// Takes `count` steps from `time` on. `forced`: samples are those in VALUES; else they are drawn, and written there.
export function run(plan: usize, time: i32, count: i32, forced: bool): void {
  locate(plan);
  const lanes = word(plan, P.LANES);
  const notes = word(plan, P.NOTES);
  const taps = word(plan, P.TAPS);
  const stride = address(plan, P.TILE_BYTES);
  const mixtures = word(plan, P.MIXTURES);
  const recorded = word(plan, P.RECORDED);
  const floor = load<f32>(plan + (P.FLOOR << 2));
  let noise = address(plan, P.NOISE);
  let values = address(plan, P.VALUES);
  let record = address(plan, P.RECORD);
  for (let step = 0; step < count; step++) {
    predict(plan, time + step);
    for (let note = 0; note < notes; note++) {
      const offset = <usize>(note / lanes) * stride + ((<usize>(note % lanes)) << 2);
      const out = outputs + offset;
      if (record !== 0) {
        for (let i = 0; i < recorded; i++) store<f32>(record + ((<usize>i) << 2), load<f32>(out + <usize>i * rowBytes));
        record += (<usize>recorded) << 2;
      }
      if (!forced) {
        const value: f32 =
          mixtures === 0
            ? drawCode(out, rowBytes, address(plan, P.SCRATCH), load<f32>(noise)) / 128
            : drawSample(out, rowBytes, mixtures, noise, floor);
        store<f32>(values, value);
        noise += (<usize>(mixtures + 1)) << 2;
      }
      // The oldest sample goes.
      const first = address(plan, P.INPUTS) + offset;
      for (let tap = 0; tap < taps - 1; tap++)
        store<f32>(first + <usize>tap * rowBytes, load<f32>(first + <usize>(tap + 1) * rowBytes));
      store<f32>(first + <usize>(taps - 1) * rowBytes, load<f32>(values));
      values += 4;
    }
  }
}
