const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

export const bigEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);

/** A chunk of a MIDI file; `length` where its header is to lie. */
export const chunk = (name: string, body: readonly number[], length: number = body.length): number[] => [
  ...letters(name),
  ...bigEndian(length, 4),
  ...body,
];

export const track = (body: readonly number[], length?: number): number[] => chunk('MTrk', body, length);

export interface HeaderFields {
  readonly format?: number;
  readonly tracks?: number;
  readonly division?: number;
}

export const header = ({ format = 1, tracks = 1, division = 480 }: HeaderFields = {}): number[] =>
  chunk(
    'MThd',
    [format, tracks, division].flatMap((value) => bigEndian(value, 2)),
  );

export const endOfTrack: readonly number[] = [0, 0xff, 0x2f, 0];

/** A delta of a quarter, where a quarter has 480 ticks. */
export const quarter: readonly number[] = [0x83, 0x60];

/** C4, E4, G4, a quarter each, one after the other. */
export const triad: readonly number[] = [60, 64, 67].flatMap((pitch) => [0, 0x90, pitch, 100, ...quarter, 0x80, pitch, 0]);

export const tempo = (microseconds: number): number[] => [0, 0xff, 0x51, 3, ...bigEndian(microseconds, 3)];

const little = (value: number): number[] => bigEndian(value, 4).toReversed();

/** A RIFF file of the kind RMID. */
export function riff(midi: readonly number[], { before = [] }: { before?: readonly number[] } = {}): number[] {
  const data = [...before, ...letters('data'), ...little(midi.length), ...midi];
  return [...letters('RIFF'), ...little(4 + data.length), ...letters('RMID'), ...data];
}
