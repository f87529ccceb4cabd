import { drawCode, drawSample } from './draw';
import { gate } from '../../training/assembly/exponential';
import { accumulate, accumulateTiles, locateProducts, matrixBytes, operand, operandRows, precision, rowBytes } from './multiply';
import * as P from './plan';
import { address, layer, word } from './plan';
import { endOf, firstOf, isFirst, locateShare, meet } from './share';

// sums += W x + b, for gates and for signals the thread's share of `width` outputs each.
function accumulateBoth(plan: usize, w: usize, x: usize, width: i32): void {
  const first = firstOf(width);
  const end = endOf(width);
  accumulate(plan, precision, w, x, sums, first, end, width);
  accumulate(plan, precision, w, x, sums, width + first, width + end, width);
}

// Parts of the first tile of the plan at hand.
let x: usize = 0;
let gated: usize = 0;
let skip: usize = 0;
let head: usize = 0;
let sums: usize = 0;
let outputs: usize = 0;
let conditions: usize = 0;
let headCondition: usize = 0;

function locate(plan: usize): void {
  locateShare(plan);
  locateProducts(plan);
  x = address(plan, P.X);
  gated = address(plan, P.GATED);
  skip = address(plan, P.SKIP_SUM);
  head = address(plan, P.HEAD);
  sums = address(plan, P.SUMS);
  outputs = address(plan, P.OUTPUT);
  conditions = address(plan, P.CONDITIONS);
  headCondition = address(plan, P.HEAD_CONDITION);
}

// Takes over the frames that lie in the states: what they add to each layer and to the head, biases included. For a plan of all outputs.
export function condition(plan: usize): void {
  locate(plan);
  const depth = word(plan, P.CHANNELS);
  const width = word(plan, P.WIDTH);
  const layers = word(plan, P.LAYERS);
  const bytes = 2 * <usize>width * rowBytes;
  const frame = address(plan, P.FRAME);
  fill(plan, conditions, <usize>layers * bytes);
  fill(plan, headCondition, <usize>word(plan, P.SKIP) * rowBytes);
  for (let index = 0; index < layers; index++)
    accumulate(
      plan,
      P.FLOAT32,
      address(layer(plan, index), P.CONDITION),
      frame,
      conditions + <usize>index * bytes,
      0,
      2 * width,
      depth,
    );
  accumulate(plan, P.FLOAT32, address(plan, P.OUT1_CONDITION), frame, headCondition, 0, word(plan, P.SKIP), depth);
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

function gates(plan: usize, width: i32): void {
  const stride = address(plan, P.TILE_BYTES);
  const first = firstOf(width);
  const count = (endOf(width) - first) * word(plan, P.LANES);
  let offset = <usize>first * rowBytes;
  for (let tile = word(plan, P.TILES); tile > 0; tile--) {
    gate(sums + offset, sums + offset + <usize>width * rowBytes, gated + offset, count);
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
  const rows = operandRows(width, width);
  const tapBytes = matrixBytes(precision, 2 * width, width);
  const gathered = address(plan, P.GATHERED);
  const stride = address(plan, P.TILE_BYTES);
  for (let tile = 0; tile < word(plan, P.TILES); tile++) {
    const offset = <usize>tile * stride;
    const ahead = address(own, P.AHEAD) + offset;
    for (let half = 0; half < 2; half++)
      for (let i = half * width + firstOf(width); i < half * width + endOf(width); i++) {
        const value = v128.load_splat<f32>(condition + offset + ((<usize>i) << 2));
        v128.store(ahead + ((<usize>i) << 5), value);
        v128.store(ahead + ((<usize>i) << 5), value, 16);
      }
    for (let tap = 0; tap < older; tap++) {
      for (let step: usize = 0; step < 8; step++) {
        const slot = (time + <i32>step + tap * dilation) % slots;
        const from = address(own, P.RING) + offset + ((<usize>(slot * rows)) << 2);
        for (let i: usize = 0; i < <usize>rows; i++) store<u32>(gathered + (i << 5) + (step << 2), load<u32>(from + (i << 2)));
      }
      for (let half = 0; half < 2; half++) {
        const first = half * width + firstOf(width);
        const weights = address(own, P.OLDER_WEIGHTS) + <usize>tap * tapBytes + matrixBytes(precision, first, width);
        const outputs = endOf(width) - firstOf(width);
        accumulateTiles(precision, weights, gathered, 0, ahead + ((<usize>first) << 5), 0, 1, outputs, width);
      }
    }
  }
}

// The sums of one of the eight steps.
function recallAhead(plan: usize, ahead: usize, step: i32, width: i32): void {
  const stride = address(plan, P.TILE_BYTES);
  for (let tile = 0; tile < word(plan, P.TILES); tile++) {
    const from = ahead + <usize>tile * stride + ((<usize>step) << 2);
    const to = sums + <usize>tile * stride;
    for (let half = 0; half < 2; half++)
      for (let i = half * width + firstOf(width); i < half * width + endOf(width); i++)
        store<f32>(to + ((<usize>i) << 2), load<f32>(from + ((<usize>i) << 5)));
  }
}

// Gates and signals of a layer, before they are gated. `newest`: what x is multiplied as.
function addUp(plan: usize, own: usize, index: i32, time: i32, newest: usize): void {
  const width = word(plan, P.WIDTH);
  const older = word(plan, P.TAPS) - 1;
  const dilation = word(own, P.DILATION);
  const weights = address(own, P.TAP_WEIGHTS);
  const condition = conditions + <usize>index * 2 * <usize>width * rowBytes;
  if (address(own, P.OLDER_WEIGHTS) !== 0) {
    if (time % 8 === 0) lookAhead(plan, own, condition, time);
    recallAhead(plan, address(own, P.AHEAD), time % 8, width);
    accumulateBoth(plan, weights, newest, width);
    return;
  }
  const tapBytes = matrixBytes(precision, 2 * width, width);
  const slotBytes = <usize>operandRows(width, width) * rowBytes;
  const first = <usize>firstOf(width) * rowBytes;
  const bytes = <usize>(endOf(width) - firstOf(width)) * rowBytes;
  const halfBytes = <usize>width * rowBytes;
  copy(plan, condition + first, sums + first, bytes);
  copy(plan, condition + halfBytes + first, sums + halfBytes + first, bytes);
  for (let tap = 0; tap < older; tap++) {
    const slot = (time + tap * dilation) % (older * dilation);
    const past = address(own, P.RING) + <usize>slot * slotBytes;
    accumulateBoth(plan, weights + <usize>tap * tapBytes, past, width);
  }
  accumulateBoth(plan, weights + <usize>older * tapBytes, newest, width);
}

// A thread's rows of what x is multiplied as become the latest of a layer's ring.
function remember(plan: usize, own: usize, time: i32, newest: usize): void {
  const width = word(plan, P.WIDTH);
  const slots = (word(plan, P.TAPS) - 1) * word(own, P.DILATION);
  if (slots === 0) return;
  const slot = address(own, P.RING) + <usize>((time % slots) * operandRows(width, width)) * rowBytes;
  const from = <usize>operandRows(firstOf(width), width) * rowBytes;
  const end = <usize>operandRows(endOf(width), width) * rowBytes;
  copy(plan, newest + from, slot + from, end - from);
}

// Outputs for the sample `time`, from the samples before it, which lie in the states. Each thread writes its own rows of everything, and reads
// all rows of what it multiplies: there it must have met the others.
function predict(plan: usize, time: i32): void {
  const taps = word(plan, P.TAPS);
  const width = word(plan, P.WIDTH);
  const skips = word(plan, P.SKIP);
  const layers = word(plan, P.LAYERS);
  const first = firstOf(width);
  const end = endOf(width);
  const firstSkip = firstOf(skips);
  const endSkip = endOf(skips);
  const from = <usize>first * rowBytes;
  const fromSkip = <usize>firstSkip * rowBytes;
  const skipBytes = <usize>(endSkip - firstSkip) * rowBytes;
  fill(plan, x + from, <usize>(end - first) * rowBytes);
  accumulate(plan, P.FLOAT32, address(plan, P.START), address(plan, P.INPUTS), x, first, end, taps);
  meet();
  let newest = operand(plan, x, width);
  fill(plan, skip + fromSkip, skipBytes);
  accumulate(plan, precision, address(plan, P.SKIP_START), newest, skip, firstSkip, endSkip, width);
  for (let index = 0; index < layers; index++) {
    const own = layer(plan, index);
    addUp(plan, own, index, time, newest);
    gates(plan, width);
    meet();
    remember(plan, own, time, newest);
    const gatedOperand = operand(plan, gated, width);
    const residual = address(own, P.RESIDUAL);
    if (residual !== 0) accumulate(plan, precision, residual, gatedOperand, x, first, end, width);
    accumulate(plan, precision, address(own, P.SKIPS), gatedOperand, skip, firstSkip, endSkip, width);
    if (residual === 0) continue;
    meet();
    newest = operand(plan, x, width);
  }
  relu(plan, skip + fromSkip, skip + fromSkip, skipBytes);
  meet();
  copy(plan, headCondition + fromSkip, head + fromSkip, skipBytes);
  accumulate(plan, P.FLOAT32, address(plan, P.OUT1), skip, head, firstSkip, endSkip, skips);
  relu(plan, head + fromSkip, head + fromSkip, skipBytes);
  meet();
  const all = word(plan, P.OUTPUTS);
  fill(plan, outputs + <usize>firstOf(all) * rowBytes, <usize>(endOf(all) - firstOf(all)) * rowBytes);
  accumulate(plan, P.FLOAT32, address(plan, P.LOGITS), head, outputs, firstOf(all), endOf(all), skips);
  meet();
}

// Draws a sample of each note, or takes the one that is given, and makes it the latest of the inputs.
function take(plan: usize, step: i32, forced: bool): void {
  const lanes = word(plan, P.LANES);
  const taps = word(plan, P.TAPS);
  const stride = address(plan, P.TILE_BYTES);
  const mixtures = word(plan, P.MIXTURES);
  const recorded = word(plan, P.RECORDED);
  const earlier = <usize>step * <usize>word(plan, P.ALL_NOTES);
  const noiseBytes = (<usize>(mixtures + 1)) << 2;
  const recordBytes = (<usize>recorded) << 2;
  let noise = address(plan, P.NOISE) + earlier * noiseBytes;
  let value = address(plan, P.VALUES) + (earlier << 2);
  let record = address(plan, P.RECORD);
  const isRecorded = record !== 0;
  record += earlier * recordBytes;
  for (let note = 0; note < word(plan, P.NOTES); note++) {
    const offset = <usize>(note / lanes) * stride + ((<usize>(note % lanes)) << 2);
    const out = outputs + offset;
    if (isRecorded)
      for (let i = 0; i < recorded; i++) store<f32>(record + ((<usize>i) << 2), load<f32>(out + <usize>i * rowBytes));
    if (!forced) {
      const drawn: f32 =
        mixtures === 0
          ? drawCode(out, rowBytes, address(plan, P.SCRATCH), load<f32>(noise)) / 128
          : drawSample(out, rowBytes, mixtures, noise, load<f32>(plan + (P.FLOOR << 2)));
      store<f32>(value, drawn);
    }
    // The oldest sample goes.
    const oldest = address(plan, P.INPUTS) + offset;
    for (let tap = 0; tap < taps - 1; tap++)
      store<f32>(oldest + <usize>tap * rowBytes, load<f32>(oldest + <usize>(tap + 1) * rowBytes));
    store<f32>(oldest + <usize>(taps - 1) * rowBytes, load<f32>(value));
    noise += noiseBytes;
    value += 4;
    record += recordBytes;
  }
}

// Takes `count` steps from `time` on. `forced`: samples are those in VALUES; else they are drawn, and written there.
export function run(plan: usize, time: i32, count: i32, forced: bool): void {
  locate(plan);
  for (let step = 0; step < count; step++) {
    predict(plan, time + step);
    if (isFirst()) take(plan, step, forced);
    meet();
  }
}
