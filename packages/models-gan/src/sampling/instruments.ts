import type { NetworkConfig } from '../progressive/config.js';
import { ArgumentError } from '../errors.js';
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
  if (!(Number.isFinite(lead) && lead >= 0)) {
    throw new ArgumentError('latentWithInstrument', `expected a lead of 0 or more, found ${lead}.`, lead);
  }
  const moved = Float32Array.from(latent);
  [moved[instrument], moved[largest]] = [latent[largest]!, latent[instrument]!];
  const most = moved[instrument] - lead;
  return moved.map((vote, at) => (at < network.instruments.length && at !== instrument ? Math.min(vote, most) : vote));
}

function check(where: string, latent: ArrayLike<number>, instruments: number, latentSize: number): void {
  if (instruments === 0) throw new ArgumentError(where, 'expected a network with instruments, found one without.', instruments);
  if (latent.length !== latentSize) {
    throw new ArgumentError(where, `expected a latent of ${latentSize} values, found ${latent.length}.`, latent.length);
  }
}
