import type { NetworkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
import { voteSharpness } from '../progressive/operations/vote-sharpness.js';
import { slerp } from './interpolate.js';
import type { Latent } from './latents.js';

type Choices = Pick<NetworkConfig, 'instruments' | 'latentSize'>;

/**
 * The instrument that a latent chooses: where the largest of its first values stands.
 *
 * @param network one with instruments
 * @returns position in `network.instruments`
 */
export function latentInstrument(latent: ArrayLike<number>, { instruments, latentSize }: Choices): number {
  check('latentInstrument', latent, instruments.length, latentSize);
  let largest = 0;
  for (let i = 1; i < instruments.length; i++) if (latent[i]! > latent[largest]!) largest = i;
  return largest;
}

/**
 * The same latent playing another instrument: its largest vote and that of the instrument are exchanged. Of latents drawn at random, these
 * are again random ones, of that instrument. Where two votes are nearly equal a network plays something between their instruments: with a
 * `lead` the other votes are at least so much smaller.
 *
 * @param network one with instruments
 * @param instrument position in `network.instruments`
 * @param lead of its vote over every other, 0 or more
 * @throws ArgumentError for a network without instruments, a latent of another size, a position or a lead out of range
 */
export function latentWithInstrument(latent: ArrayLike<number>, network: Choices, instrument: number, lead = 0): Latent {
  const largest = latentInstrument(latent, network);
  if (!(Number.isInteger(instrument) && instrument >= 0 && instrument < network.instruments.length)) {
    throw new ArgumentError(
      'latentWithInstrument',
      `expected an instrument of 0 to ${network.instruments.length - 1} (a position in the network's list), found ${instrument}.`,
      instrument,
    );
  }
  if (!(lead >= 0 && lead < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError('latentWithInstrument', `expected a lead of 0 or more, found ${lead}.`, lead);
  }
  const moved = Float32Array.from(latent);
  [moved[instrument], moved[largest]] = [latent[largest]!, latent[instrument]!];
  const most = moved[instrument] - lead;
  return moved.map((vote, at) => (at < network.instruments.length && at !== instrument ? Math.min(vote, most) : vote));
}

/**
 * The latent on the way from one to another, by slerp, and where the two play different instruments from one to the other only: halfway along an
 * arc a third instrument's vote is often the largest (45 % of the ways between two instruments of 24 pass through a third one). Of the two
 * instruments' shares (the softmax of their votes, as networks take it) the first one's falls in proportion to `t`; what the other votes lack to the
 * larger of the two changes in proportion from what they lack at one end to what they lack at the other. Both ends are the latents themselves.
 *
 * @param t 0 gives a, 1 gives b; beyond, the votes stay as they are there, and all else goes on along the circle
 * @param network for one without instruments this is `slerp`
 * @throws ArgumentError for latents of another size
 */
export function latentBetween(a: Latent, b: Latent, t: number, network: Choices): Latent {
  const between = slerp(a, b, t);
  const count = network.instruments.length;
  if (count === 0 || t === 0 || t === 1) return between;
  const [first, second] = [latentInstrument(a, network), latentInstrument(b, network)];
  const share = Math.min(1, Math.max(0, t));
  const mixed = (from: number, to: number): number => (1 - share) * from + share * to;
  const largest = Math.max(between[first]!, between[second]!);
  for (let i = 0; i < count; i++) between[i] = largest - mixed(a[first]! - a[i]!, b[second]! - b[i]!);
  if (first !== second) {
    const lead = leadBetween(a[first]! - a[second]!, b[first]! - b[second]!, share);
    between[first] = largest + Math.min(0, lead);
    between[second] = largest - Math.max(0, lead);
  }
  return between;
}

/** One vote's lead over another (negative: behind), where its share lies so far on the way between what two leads give it. */
function leadBetween(from: number, to: number, t: number): number {
  if (t === 0 || t === 1) return t === 0 ? from : to;
  const mixed = (sign: number): number => (1 - t) * shareOf(sign * from) + t * shareOf(sign * to);
  return Math.log(mixed(1) / mixed(-1)) / voteSharpness;
}

/** Of two instruments, the share of the one whose vote leads by so much. */
const shareOf = (lead: number): number => 1 / (1 + Math.exp(-voteSharpness * lead));

function check(where: string, latent: ArrayLike<number>, instruments: number, latentSize: number): void {
  if (instruments === 0) throw new ArgumentError(where, 'expected a network with instruments, found one without.', instruments);
  if (latent.length !== latentSize) {
    throw new ArgumentError(where, `expected a latent of ${latentSize} values, found ${latent.length}.`, latent.length);
  }
}
