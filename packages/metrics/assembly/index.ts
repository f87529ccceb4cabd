export { floatMultiply, floatNarrow } from './float';
export { rankTwoUpdate } from './rank-two';
export { tileMultiply, tileSpread } from './tile';
