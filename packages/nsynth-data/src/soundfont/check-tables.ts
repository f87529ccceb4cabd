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
  checkZones(view, chunks);
}

/** Zones that a preset may have together with those of its instruments; the largest preset of FluidR3 and MuseScore General has 738. */
const mostZones = 65_536;

/** Generator whose amount is the instrument of a preset's zone. */
const instrumentGenerator = 41;

/**
 * A file of some hundred kilobytes can name an instrument of ten thousand zones in each of ten thousand zones of a preset: a hundred million for each
 * note, without being wrong anywhere.
 */
function checkZones(view: DataView, chunks: ReadonlyMap<string, Chunk>): void {
  const records = (name: string, size: number): { count: number; word(record: number, at: number): number } => {
    const { at: start, length } = chunks.get(name) ?? { at: 0, length: 0 };
    return { count: Math.floor(length / size), word: (record, at) => view.getUint16(start + record * size + at, true) };
  };
  const [presets, bags, generators] = [records('phdr', 38), records('pbag', 4), records('pgen', 4)];
  const instruments = records('inst', 22);
  const zonesOf = (instrument: number): number =>
    instrument + 1 < instruments.count ? instruments.word(instrument + 1, 20) - instruments.word(instrument, 20) : 0;
  for (let preset = 0; preset + 1 < presets.count; preset++) {
    let zones = 0;
    for (let bag = presets.word(preset, 24); bag < Math.min(presets.word(preset + 1, 24), bags.count - 1); bag++) {
      for (let at = bags.word(bag, 0); at < Math.min(bags.word(bag + 1, 0), generators.count); at++) {
        if (generators.word(at, 0) === instrumentGenerator) zones += zonesOf(generators.word(at, 2));
      }
    }
    if (zones > mostZones) throw new Mismatch(`expected at most ${mostZones} zones for preset ${preset}, found ${zones}`);
  }
}
