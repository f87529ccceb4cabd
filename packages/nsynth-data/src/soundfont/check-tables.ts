import { Mismatch } from '../notes/labels.js';
import { chunkId } from '../formats/wav/chunks.js';
import { viewOf } from '../formats/wav/layout.js';

interface Chunk {
  readonly at: number;
  readonly length: number;
}

/** Chunks between two bytes, by their ids; one that does not end before `to` ends there. */
function chunksOf(view: DataView, from: number, to: number): Map<string, Chunk> {
  const found = new Map<string, Chunk>();
  for (let at = from; at + 8 <= to;) {
    const length = Math.min(view.getUint32(at + 4, true), to - at - 8);
    const id = chunkId(view, at);
    found.set(id === 'LIST' && length >= 4 ? chunkId(view, at + 8) : id, { at: at + 8, length });
    at += 8 + length + (length % 2);
  }
  return found;
}

/** A table whose records say where their part of another table begins: bytes of a record, where in it, and bytes of the other's records. */
const tables = [
  { name: 'phdr', size: 38, at: 24, of: 'pbag', ofSize: 4 },
  { name: 'pbag', size: 4, at: 0, of: 'pgen', ofSize: 4 },
  { name: 'pbag', size: 4, at: 2, of: 'pmod', ofSize: 10 },
  { name: 'inst', size: 22, at: 20, of: 'ibag', ofSize: 4 },
  { name: 'ibag', size: 4, at: 0, of: 'igen', ofSize: 4 },
  { name: 'ibag', size: 4, at: 2, of: 'imod', ofSize: 10 },
] as const;

/**
 * Holds the tables of a SoundFont against each other: where one points into another, it points in order and not beyond its end. A reader
 * that believes them makes tens of thousands of zones for each preset of a file of some hundred bytes.
 *
 * @param bytes of a file; what is not RIFF with SoundFont 2 inside is left to the reader
 * @throws Mismatch
 * @see SoundFont Technical Specification 2.04, section 7 and 10.1 (structural errors)
 */
export function checkTables(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  if (chunkId(view, 0) !== 'RIFF' || chunkId(view, 8) !== 'sfbk') return;
  const hydra = chunksOf(view, 12, bytes.length).get('pdta');
  if (hydra === undefined) return;
  const chunks = chunksOf(view, hydra.at + 4, hydra.at + hydra.length);
  for (const { name, size, at, of, ofSize } of tables) {
    const [table, other] = [chunks.get(name), chunks.get(of)];
    if (table === undefined || other === undefined) continue;
    const count = Math.floor(other.length / ofSize);
    let before = 0;
    for (let record = 0; (record + 1) * size <= table.length; record++) {
      const index = view.getUint16(table.at + record * size + at, true);
      if (index < before || index > count)
        throw new Mismatch(`expected record ${record} of ${name} to point to ${before} to ${count} of ${of}, found ${index}`);
      before = index;
    }
  }
}
