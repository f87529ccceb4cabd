export { elements, type PlainData, type PlainTensor, type PlainWeights } from '@gansynth/model-files';
