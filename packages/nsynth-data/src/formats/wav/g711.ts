/** The two laws of ITU-T G.711: 8 bits a sample, with steps that grow with the level. */
export type CompandingLaw = 'A-law' | 'mu-law';

function expandMu(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

function expandA(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + (segment === 0 ? 0x08 : 0x108);
  const magnitude = segment < 2 ? step : step << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}

const table = (expand: (byte: number) => number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, byte) => expand(byte) / 32768);

const tables: Readonly<Record<CompandingLaw, Float32Array>> = { 'A-law': table(expandA), 'mu-law': table(expandMu) };

/** Samples by their byte, full scale at -1 and 1. */
export const expansionOf = (law: CompandingLaw): Float32Array => tables[law];
