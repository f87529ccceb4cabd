/** Variable names are those of the original's TensorFlow checkpoints, so that weights move between the two by name. */
export const generatorScope = 'Generator/progressive_gan_generator';
export const criticScope = 'Discriminator/progressive_gan_discriminator';
export const classifierScope = 'Discriminator/discriminator_cond';

export const blockName = (block: number): string => `progressive_gan_block_${block}`;
/** Hidden layer of a fully connected generator, from 0. */
export const denseName = (layer: number): string => `dense_${layer + 1}`;
