import type { ByteReader } from '../files/byte-reader.js';
import { crc32c } from '../crc32c.js';
import { BadNoteError } from '../errors.js';
import { IdLookup } from '../table/id-lookup.js';
import { jsonEntries } from '../formats/json-entries.js';
import { checkName, type LabelRecord, Mismatch } from '../notes/labels.js';
import { type NotePlace, NoteTableBuilder } from '../table/note-table.js';
import type { Rejections } from './rejections.js';
import type { ExpectedRate } from './scan.js';
import { labelsOfEntry } from './scan-folder.js';
import type { TarEntry } from '../formats/tar.js';
import { wavLayout } from '../formats/wav.js';
import { decodeWavNote } from '../formats/wav-note.js';

const noLabels = { note: 0, pitch: 0, velocity: 0, instrument: 0, instrumentName: '', family: 0, source: 0, qualities: 0 };
const noPlace: NotePlace = { file: 0, offset: 0, length: 0, hash: 0, payload: 'wav', samples: 0 };

interface ArchiveOptions {
  readonly file: string;
  /** Position of the archive among the files. */
  readonly number: number;
  readonly rate: ExpectedRate;
  readonly maxNoteBytes: number;
  readonly rejections: Rejections;
}

/** Collects the labels and the sounds of a json+wav archive, in whatever order they come, and joins them at its end. */
export class ArchiveNotes {
  readonly #options: ArchiveOptions;
  readonly #labels = new NoteTableBuilder();
  readonly #labelled = new IdLookup(this.#labels.ids);
  readonly #sounds = new NoteTableBuilder();
  readonly #heard = new IdLookup(this.#sounds.ids);
  /** Sounds that were found and refused: their labels need no second complaint. */
  readonly #refused = new Set<string>();
  /** Labels that were found and refused: their sounds need no second complaint. */
  readonly #refusedLabels = new Set<string>();
  #hasListing = false;

  constructor(options: ArchiveOptions) {
    this.#options = options;
  }

  async take(entry: TarEntry, parts: readonly string[], reader: ByteReader): Promise<void> {
    const name = parts.at(-1) ?? '';
    const isListing = name === 'examples.json';
    const isSound = name.endsWith('.wav') && parts.at(-2) === 'audio' && !name.startsWith('.');
    if (entry.kind === 'folder' || (!isListing && !isSound)) return;
    try {
      if (entry.kind !== 'file') throw new Mismatch(`expected a plain file, found a ${entry.kind}`);
      if (isSound) await this.#takeSound(entry, name.slice(0, -4), reader);
      else await this.#takeListing(entry, reader);
    } catch (error) {
      const { file, rejections } = this.#options;
      if (!(error instanceof Mismatch)) return rejections.add(error);
      if (isSound) this.#refused.add(name.slice(0, -4));
      const fault = { file, record: entry.name.slice(0, 200), offset: entry.offset, reason: error.message };
      rejections.add(new BadNoteError(fault, { cause: error }));
    }
  }

  async #takeListing({ size }: TarEntry, reader: ByteReader): Promise<void> {
    const { file, rate, rejections } = this.#options;
    if (this.#hasListing) throw new Mismatch('expected one examples.json, found a second one');
    this.#hasListing = true;
    const listing = `${file}: examples.json`;
    const onBadEntry = (error: unknown): void => {
      rejections.add(error);
      if (BadNoteError.isInstance(error) && error.record !== undefined) this.#refusedLabels.add(error.record);
    };
    for await (const entry of jsonEntries(reader.pieces(size), listing, onBadEntry)) {
      try {
        const labels = labelsOfEntry(entry, listing, rate);
        if (this.#labelled.find(labels.id) >= 0) {
          const reason = 'expected every note once, found a second entry of this name';
          throw new BadNoteError({ file: listing, record: labels.id, offset: entry.offset, reason });
        }
        this.#labels.push(labels, noPlace);
        this.#labelled.add(this.#labels.length - 1);
      } catch (error) {
        onBadEntry(error);
      }
    }
  }

  async #takeSound({ size, offset }: TarEntry, id: string, reader: ByteReader): Promise<void> {
    const { number, rate, maxNoteBytes } = this.#options;
    checkName(id, 'the name of a sound');
    if (size > maxNoteBytes) throw new Mismatch(`expected at most ${maxNoteBytes} bytes for one note, found ${size}`);
    const bytes = await reader.read(size);
    // A shorter piece is the end of the archive, about which the walk through it complains.
    if (bytes.length < size) return;
    if (this.#heard.find(id) >= 0) throw new Mismatch('expected every note once, found a second sound of this name');
    const sampleRate = rate.hertz ?? wavLayout(bytes).sampleRate;
    const { length: samples } = decodeWavNote(bytes, sampleRate);
    rate.check(sampleRate);
    const place: NotePlace = { file: number, offset, length: size, hash: crc32c(bytes), payload: 'wav', samples };
    this.#sounds.push({ ...noLabels, id, sampleRate }, place);
    this.#heard.add(this.#sounds.length - 1);
  }

  /** Hands over every note that has both, in the order of the sounds, and reports the others. */
  join(push: (labels: LabelRecord, place: NotePlace) => void): void {
    const { file, rejections } = this.#options;
    const [labels, sounds] = [this.#labels.finish(), this.#sounds.finish()];
    for (let row = 0; row < labels.length; row++) {
      const id = labels.ids.get(row);
      if (this.#heard.find(id) < 0 && !this.#refused.has(id))
        rejections.add(new BadNoteError({ file, record: id, reason: `expected audio/${id}.wav in the archive, found none` }));
    }
    for (let row = 0; row < sounds.length; row++) {
      const place = sounds.place(row);
      const id = sounds.ids.get(row);
      const found = this.#labelled.find(id);
      if (found >= 0) push(labels.record(found), place);
      else if (!this.#refusedLabels.has(id))
        rejections.mention({
          file,
          record: id,
          offset: place.offset,
          reason: 'left out: examples.json has no entry for this sound',
        });
    }
  }
}
