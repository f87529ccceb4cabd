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
 * are again random ones, of that instrument.
 *
 * @param network one with instruments
 * @param instrument position in `network.instruments`
 */
export function latentWithInstrument(latent: ArrayLike<number>, network: Choices, instrument: number): Latent {
  const largest = latentInstrument(latent, network);
  if (!(Number.isInteger(instrument) && instrument >= 0 && instrument < network.instruments.length)) {
    throw new ArgumentError(
      'latentWithInstrument',
      `expected an instrument of 0 to ${network.instruments.length - 1} (a position in the network's list), found ${instrument}.`,
      instrument,
    );
  }
  const moved = Float32Array.from(latent);
  [moved[instrument], moved[largest]] = [latent[largest]!, latent[instrument]!];
  return moved;
}

function check(where: string, latent: ArrayLike<number>, instruments: number, latentSize: number): void {
  if (instruments === 0) throw new ArgumentError(where, 'expected a network with instruments, found one without.', instruments);
  if (latent.length !== latentSize) {
    throw new ArgumentError(where, `expected a latent of ${latentSize} values, found ${latent.length}.`, latent.length);
  }
}
