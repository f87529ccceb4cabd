export { latentDirections, type DirectionsOptions, type LatentDirection } from './sampling/directions.js';
export {
  findLatent,
  type CandidatesEvent,
  type FindLatentEvent,
  type FindLatentOptions,
  type FoundLatent,
  type ImprovementEvent,
} from './sampling/find-latent.js';
export { imageDistance, type ImageDistance, type ImageDistanceOptions } from './sampling/image-distance.js';
