/*
 * A TensorFlow checkpoint as its saver lays it out, from the format's description: names sorted, one block with a restart every 16 keys, no
 * compression, one data file.
 */
export interface StoredVariable {
  readonly name: string;
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  /** null: zeros. */
  readonly bytes: Uint8Array | null;
}

export interface PlacedVariable extends StoredVariable {
  readonly offset: number;
  readonly size: number;
}

const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
const fixed32 = (n: number): number[] => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];
const message = (field: number, content: readonly number[]): number[] => [field * 8 + 2, ...varint(content.length), ...content];

const handle = (offset: number, length: number): number[] => [...varint(offset), ...varint(length - 5)];

/** Where each variable lies in the data file, in order. */
export function placed(variables: readonly StoredVariable[]): PlacedVariable[] {
  let offset = 0;
  return [...variables]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((variable) => {
      const size = 4 * variable.shape.reduce((product, side) => product * side, 1);
      const at = { ...variable, offset, size };
      offset += size;
      return at;
    });
}

/** Masked CRC-32C. */
type Checksum = (bytes: Uint8Array) => number;

/** The index file of variables that lie as {@link placed} says. */
export function bundleIndex(variables: readonly PlacedVariable[], checksumOf: Checksum): Uint8Array {
  const zeros = new Map<number, number>();
  const checksum = ({ bytes, size }: PlacedVariable): number => {
    if (bytes) return checksumOf(bytes);
    let sum = zeros.get(size);
    if (sum === undefined) zeros.set(size, (sum = checksumOf(new Uint8Array(size))));
    return sum;
  };
  const entries = variables.map((variable): [string, number[]] => {
    const { name, dtype, shape, offset, size } = variable;
    const dimensions = shape.flatMap((side) => message(2, [8, ...varint(side)]));
    const place = [...(offset === 0 ? [] : [32, ...varint(offset)]), 40, ...varint(size)];
    return [name, [8, dtype === 'float32' ? 1 : 3, ...message(2, dimensions), ...place, 53, ...fixed32(checksum(variable))]];
  });
  // Little-endian, one data file, written by version 1.
  const data = block([['', [8, 1, 26, 2, 8, 1]], ...entries], checksumOf);
  const empty = block([], checksumOf);
  const successor = String.fromCharCode((entries.at(-1)?.[0].charCodeAt(0) ?? 0) + 1);
  const index = block([[successor, handle(0, data.length)]], checksumOf);
  const footer = [...handle(data.length, empty.length), ...handle(data.length + empty.length, index.length)];
  const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
  const padding = Array.from({ length: 40 - footer.length }, () => 0);
  return Uint8Array.from([...data, ...empty, ...index, ...footer, ...padding, ...magic]);
}

/** A checkpoint's three files. */
export function bundleFiles(
  prefix: string,
  variables: readonly StoredVariable[],
  checksumOf: Checksum,
): Record<string, Uint8Array<ArrayBuffer>> {
  const there = placed(variables);
  const data = new Uint8Array(there.reduce((sum, { size }) => sum + size, 0));
  for (const { bytes, offset } of there) if (bytes) data.set(bytes, offset);
  return {
    [`${prefix}.index`]: Uint8Array.from(bundleIndex(there, checksumOf)),
    [`${prefix}.data-00000-of-00001`]: data,
    [`${prefix}.meta`]: new Uint8Array(3),
  };
}

function block(entries: readonly (readonly [key: string, value: readonly number[]])[], checksumOf: Checksum): number[] {
  const body: number[] = [];
  const restarts: number[] = [];
  let previous = '';
  for (const [index, [key, value]] of entries.entries()) {
    if (index % 16 === 0) {
      restarts.push(body.length);
      previous = '';
    }
    let shared = 0;
    while (shared < key.length && key[shared] === previous[shared]) shared++;
    previous = key;
    const rest = [...new TextEncoder().encode(key.slice(shared))];
    body.push(...varint(shared), ...varint(rest.length), ...varint(value.length), ...rest, ...value);
  }
  if (restarts.length === 0) restarts.push(0);
  const content = [...body, ...restarts.flatMap(fixed32), ...fixed32(restarts.length)];
  return [...content, 0, ...fixed32(checksumOf(Uint8Array.from([...content, 0])))];
}
