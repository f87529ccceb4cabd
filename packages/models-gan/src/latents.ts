export { latentAttribute, latentWithAttribute, networkDynamics } from './sampling/attributes.js';
export { voteSharpness } from './progressive/operations/vote-sharpness.js';
export { latentInstrument, latentWithInstrument } from './sampling/instruments.js';
export { interpolationSteps, latentAt, lerp, pathTimes, slerp, type LatentPath } from './sampling/interpolate.js';
export { drawLatents, drawPitches, drawUniformLatents, type Latent, type LatentOptions } from './sampling/latents.js';
