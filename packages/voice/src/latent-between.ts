import type { Latent, NoteModel } from '@gansynth/model-files';
import { lerp, slerp, voteSharpness } from '@gansynth/models-gan/latents';

/**
 * The latent on the way from one to another, by slerp, but that each instrument's share (the softmax of its votes, as networks take it) goes straight
 * from what it is at one end to what it is at the other. Halfway along an arc a third instrument's vote is often the largest: 45 % of the ways between
 * two instruments of 24 pass through a third one. Both ends are the latents themselves.
 *
 * @param t 0 gives a, 1 gives b; beyond, it is `slerp`
 * @param model for one without instruments this is `slerp`
 * @throws ArgumentError of models-gan for latents of another size
 */
export function latentBetween(a: Latent, b: Latent, t: number, { instruments }: Pick<NoteModel, 'instruments'>): Latent {
  const between = slerp(a, b, t);
  if (instruments.length === 0 || t <= 0 || t >= 1) return between;
  const [from, to] = [a, b].map((latent) => sharesOf(latent.subarray(0, instruments.length))) as [Latent, Latent];
  const votes = lerp(from, to, t).map((share) => Math.log(share + Number.MIN_VALUE) / voteSharpness);
  between.set(votes);
  return between;
}

function sharesOf(votes: Latent): Latent {
  const powers = votes.map((vote) => Math.exp(voteSharpness * (vote - Math.max(...votes))));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
