import * as tf from '@tensorflow/tfjs-core';
import { defineOperation, type Operation } from './operation.js';
import { voteSharpness } from './vote-sharpness.js';

export interface InstrumentVotesConfig {
  /** Values of z that vote: the first ones. */
  readonly instruments: number;
}

/** Each instrument's share: the softmax of the first values of z. [batch, latentSize] -> [batch, instruments] */
export const instrumentShares = (z: tf.Tensor2D, instruments: number): tf.Tensor2D =>
  tf.softmax(tf.mul<tf.Tensor2D>(tf.slice(z, [0, 0], [-1, instruments]), voteSharpness));

/**
 * The first values of z as votes for an instrument: their softmax, as long as the values it replaces. What follows stays as it is.
 * [batch, latentSize] -> [batch, latentSize]
 */
export const instrumentVotes: Operation<InstrumentVotesConfig> = defineOperation({
  className: 'GansynthInstrumentVotes',
  run: ({ instruments }, [latent]) => {
    const z = latent as tf.Tensor2D;
    const rest = (z.shape[1] as number) - instruments;
    const votes = tf.mul(instrumentShares(z, instruments), Math.sqrt(instruments)) as tf.Tensor2D;
    return rest === 0 ? votes : tf.concat([votes, tf.slice(z, [0, instruments], [-1, rest])], 1);
  },
});
