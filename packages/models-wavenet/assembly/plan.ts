// A plan says where everything lies, for one thread: all notes or some of them, and all outputs of each matrix or a share. Words of 32 bits, written by src/sampler/queue-plan.ts in this order. Addresses in bytes. Sizes ending in P are
// rounded up to a multiple of 32; rows beyond the real size are zero and stay so.

export const LAYERS = 0;
export const TAPS = 1;
export const WIDTH = 2; // widthP
export const SKIP = 3; // skipWidthP
export const OUTPUTS = 4; // outputsP
export const LANES = 5; // 1: one note; 8: tiles of eight
export const TILES = 6; // this plan's tiles, or notes where a tile is one
export const NOTES = 7; // this plan's notes
export const CHANNELS = 8; // of the conditioning
export const MIXTURES = 9; // 0: 256 codes
export const FLOOR = 10; // of log-scales, a float
export const START = 11; // weights
export const SKIP_START = 12;
export const OUT1 = 13;
export const OUT1_CONDITION = 14;
export const LOGITS = 15;
export const TILE_BYTES = 16; // from a part of one tile to that of the next
export const INPUTS = 17; // parts of the plan's first tile; see below
export const FRAME = 18;
export const X = 19;
export const GATED = 20;
export const SKIP_SUM = 21;
export const HEAD = 22;
export const SUMS = 23;
export const OUTPUT = 24;
export const CONDITIONS = 25;
export const HEAD_CONDITION = 26;
export const SCRATCH = 27; // of the thread: 256 floats, or a panel of 4 outputs
export const NOISE = 28; // of the plan's first note; [step][any plan's note][mixtures + 1]
export const VALUES = 29; // [step][any plan's note]: what was drawn, or is to be taken, as the network sees it
export const RECORD = 30; // [step][any plan's note][outputs]: what the network gave; 0: nowhere
export const RECORDED = 31; // outputs of a note that are recorded
export const GATHERED = 32; // [widthP][8 steps]
export const SHARE = 33; // the thread's number among those that compute these notes together, each its outputs
export const SHARES = 34;
export const BARRIER = 35; // two words: how many have arrived, how often all have
export const ALL_NOTES = 36; // of all plans
export const PRECISION = 37; // one of those below
export const MOST = 38; // to which the largest of a vector of 16 bits is scaled, a float
export const FIRST_LAYER = 39;

// Of the weights that x and gated are multiplied by; others are float32.
export const FLOAT32 = 0;
export const BFLOAT16 = 1;
export const INT8 = 2;

// Of a layer
export const LAYER_WORDS = 8;
export const DILATION = 0;
export const TAP_WEIGHTS = 1; // one matrix for each tap that is taken step by step, oldest first
export const CONDITION = 2;
export const RESIDUAL = 3; // 0: none
export const SKIPS = 4;
export const RING = 5;
// Where a dilation spans eight steps, what the older taps add is known for eight steps at once: their weights, in panels of 4 outputs (0: such
// is not done here, and they lie before the newest tap's), and the sums [2 widthP][8 steps].
export const OLDER_WEIGHTS = 6;
export const AHEAD = 7;

// A tile's parts are [rows][lanes] of floats: inputs [taps], frame [channels], x [widthP], gated [widthP], skip [skipP], head [skipP], sums
// [2 widthP], outputs [outputsP], conditioning of the layers [layers][2 widthP] and of the head [skipP], and a ring for each layer
// [(taps - 1) dilation][widthP]. With weights of 8 bits, x and gated are each followed by the same as whole numbers of 16 bits (./dot says
// how), and that is what the rings hold.

export function word(plan: usize, index: i32): i32 {
  return load<i32>(plan + ((<usize>index) << 2));
}

export function address(plan: usize, index: i32): usize {
  return <usize>load<u32>(plan + ((<usize>index) << 2));
}

export function layer(plan: usize, index: i32): usize {
  return plan + ((<usize>(FIRST_LAYER + index * LAYER_WORDS)) << 2);
}
