import { readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import ndarray from 'ndarray';
import { ArgumentError, NSynthDataError } from '../errors.js';
import { Mismatch, parseLabels, toMetadata } from '../labels.js';
import type { NSynthMetadata } from '../note.js';
import { readWhole } from '../plain-file.js';
import { type Family, families, type Source } from '../vocabulary.js';
import { writeJsonWav, type WritableNote } from '../write-json-wav.js';
import { decodeSound, largestFile } from './decode-sound.js';
import { measurePitch } from './measure-pitch.js';
import { instrumentFromName, pitchFromName, slug, velocityFromName } from './pitch-from-name.js';
import { shapeAudio } from './shape-audio.js';
import { findSidecar, readOwnSidecar, readSidecar, type SidecarLabels } from './sidecar.js';

/** What became of one file. */
export type ImportEntry =
  | {
      readonly file: string;
      readonly status: 'imported';
      /** `note_str` of the note made of it. */
      readonly id: string;
      readonly pitch: number;
      readonly pitchFrom: 'sidecar' | 'name' | 'measured';
      /** Of the measurement, 0 to 1. */
      readonly confidence?: number;
      /** In words, what was changed. */
      readonly done: readonly string[];
    }
  | { readonly file: string; readonly status: 'refused'; readonly reason: string };

export interface ImportReport {
  readonly imported: number;
  readonly refused: number;
  /** Every file of the folder, in the order of their paths. */
  readonly files: readonly ImportEntry[];
}

export interface ImportOptions {
  /** Folder of the collection to be made; made if missing, must not hold one yet. */
  readonly to: string;
  /** Hz. Default 16000. */
  readonly sampleRate?: number;
  /** Length of every note. Default 4. */
  readonly seconds?: number;
  /** Silence before a note, in dB below its peak, is removed. Default -50; `false` keeps it. */
  readonly trimBelow?: number | false;
  /** Scale every note to this peak, over 0 and at most 1. Default `false`: levels stay. */
  readonly peak?: number | false;
  /** A table of labels, JSON or CSV. Default: `labels.json` or `labels.csv` in the folder, if there is one. */
  readonly sidecar?: string;
  /** The octave that middle C (MIDI 60) is written with in file names. Default 4. */
  readonly middleC?: number;
  /** A measured pitch less certain than this is refused. Default 0.8. */
  readonly minConfidence?: number;
  /** What no sidecar says. Default `acoustic`. */
  readonly source?: Source;
  /** What no sidecar says. Default: the family of NSynth that occurs in the path, otherwise `unknown`. */
  readonly family?: Family;
  /** What neither sidecar nor name says. Default 100. */
  readonly velocity?: number;
  readonly onProgress?: (event: {
    readonly type: 'importing';
    readonly file: string;
    readonly done: number;
    readonly total: number;
  }) => void;
  readonly signal?: AbortSignal;
}

const notSounds = /^(?:labels\.(?:json|csv)|\..*)$/;

async function* filesUnder(folder: string, prefix = ''): AsyncGenerator<string> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) yield* filesUnder(folder, path);
    else yield path;
  }
}

/** Settings after defaults and checks. */
type Settings = Required<Omit<ImportOptions, 'sidecar' | 'family' | 'onProgress' | 'signal'>> & Pick<ImportOptions, 'family'>;

function settle(folder: string, options: ImportOptions): Settings {
  const settings: Settings = {
    to: options.to,
    sampleRate: options.sampleRate ?? 16000,
    seconds: options.seconds ?? 4,
    trimBelow: options.trimBelow ?? -50,
    peak: options.peak ?? false,
    middleC: options.middleC ?? 4,
    minConfidence: options.minConfidence ?? 0.8,
    source: options.source ?? 'acoustic',
    velocity: options.velocity ?? 100,
    ...(options.family === undefined ? {} : { family: options.family }),
  };
  const check = (name: keyof Settings, holds: boolean, wanted: string): void => {
    if (!holds)
      throw new ArgumentError(`importFolder: expected ${name} ${wanted}, found ${String(settings[name])}`, settings[name]);
  };
  const { seconds, sampleRate, trimBelow, peak, minConfidence } = settings;
  check('sampleRate', Number.isInteger(sampleRate) && sampleRate >= 1000 && sampleRate <= 768_000, 'from 1000 to 768000 Hz');
  check('seconds', seconds > 0 && seconds <= 600, 'over 0 and up to 600');
  check('trimBelow', trimBelow === false || (trimBelow < 0 && trimBelow >= -200), 'from -200 to below 0 dB, or false');
  check('peak', peak === false || (peak > 0 && peak <= 1), 'over 0 and up to 1, or false');
  check('minConfidence', minConfidence >= 0 && minConfidence <= 1, 'from 0 to 1');
  check('middleC', Number.isInteger(settings.middleC), 'a whole number');
  check('to', !`${resolve(settings.to)}${sep}`.startsWith(`${resolve(folder)}${sep}`), 'outside the folder that is imported');
  return settings;
}

/** Turns the sounds of one folder into notes, and keeps the report and the numbers of the instruments. */
class FolderImport {
  readonly #folder: string;
  readonly #settings: Settings;
  readonly #table: (file: string) => SidecarLabels | undefined;
  readonly #instruments = new Map<string, number>();
  readonly #ids = new Set<string>();
  readonly entries: ImportEntry[] = [];

  constructor(folder: string, settings: Settings, table: (file: string) => SidecarLabels | undefined) {
    this.#folder = folder;
    this.#settings = settings;
    this.#table = table;
  }

  async take(file: string): Promise<WritableNote | undefined> {
    try {
      return await this.#convert(file);
    } catch (error) {
      if (!(error instanceof Mismatch) && !NSynthDataError.isInstance(error)) throw error;
      const reason = error.message.replace(/^nsynth-data: /, '');
      this.entries.push({ file, status: 'refused', reason });
      return undefined;
    }
  }

  async #convert(file: string): Promise<WritableNote> {
    const path = join(this.#folder, file);
    const { sampleRate, seconds, trimBelow, peak } = this.#settings;
    const sidecar = { ...this.#table(file), ...(await readOwnSidecar(path)) };
    const sound = await decodeSound(await readWhole(path, { limit: largestFile }));
    const { audio, done } = shapeAudio(sound, { sampleRate, samples: Math.round(seconds * sampleRate), trimBelow, peak });
    if (audio === undefined) throw new Mismatch('expected a sound, found silence');
    const pitch = this.#pitch(file, sidecar, audio);
    const metadata = this.#label(file, sidecar, pitch.pitch);
    this.entries.push({ file, status: 'imported', id: metadata.note_str, ...pitch, done });
    return { audio: ndarray(audio), metadata };
  }

  #pitch(
    file: string,
    sidecar: SidecarLabels,
    audio: Float32Array,
  ): { pitch: number; pitchFrom: 'sidecar' | 'name' | 'measured'; confidence?: number } {
    if (sidecar.pitch !== undefined) return { pitch: sidecar.pitch, pitchFrom: 'sidecar' };
    const named = pitchFromName(basename(file, extname(file)), this.#settings.middleC);
    if (typeof named === 'number') return { pitch: named, pitchFrom: 'name' };
    if (named !== undefined)
      throw new Mismatch(
        `expected one pitch in the name, found ${named.join(' and ')}. Say which in labels.csv or rename the file`,
      );
    const measured = measurePitch(audio, this.#settings.sampleRate);
    const pitch = Math.round(measured?.pitch ?? -1);
    const { minConfidence } = this.#settings;
    if (measured === undefined || measured.confidence < minConfidence || pitch > 127)
      throw new Mismatch(
        `expected a pitch, found none in sidecar or name, and measured ${measured === undefined ? 'none' : `${measured.pitch.toFixed(2)} with confidence ${measured.confidence.toFixed(2)} of the ${minConfidence} wanted`}. Say it in labels.csv or in the name, as in C#4, m61 or -061-`,
      );
    return { pitch, pitchFrom: 'measured', confidence: measured.confidence };
  }

  #label(file: string, sidecar: SidecarLabels, pitch: number): NSynthMetadata {
    const name = basename(file, extname(file));
    const folder = dirname(file) === '.' ? '' : slug(dirname(file));
    const instrumentName = slug(sidecar.instrument ?? '') || folder || instrumentFromName(name) || 'instrument';
    const velocity = sidecar.velocity ?? velocityFromName(name) ?? this.#settings.velocity;
    const words = slug(file);
    const family =
      sidecar.family ??
      this.#settings.family ??
      families.find((known) => new RegExp(`(?:^|_)${known}s?(?:_|$)`).test(words)) ??
      'unknown';
    const base = `${instrumentName}-${String(pitch).padStart(3, '0')}-${String(velocity).padStart(3, '0')}`;
    let id = base;
    for (let take = 2; this.#ids.has(id); take++) id = `${base}-${take}`;
    if (!this.#instruments.has(instrumentName)) this.#instruments.set(instrumentName, this.#instruments.size);
    const labels = parseLabels({
      note: this.#ids.size,
      note_str: id,
      pitch,
      velocity,
      instrument: this.#instruments.get(instrumentName),
      instrument_str: instrumentName,
      instrument_family_str: family,
      instrument_source_str: sidecar.source ?? this.#settings.source,
      qualities_str: sidecar.qualities ?? [],
      sample_rate: this.#settings.sampleRate,
    });
    this.#ids.add(id);
    return toMetadata(labels);
  }
}

/**
 * Makes an NSynth-format collection of any folder of sounds: WAV, AIFF, FLAC, MP3 and Ogg Vorbis, of any rate and number of channels.
 *
 * The pitch comes from a sidecar (`labels.json`, `labels.csv`, or `<sound>.json`), else from the file's name (`C#4`, `m61`, `-061-`),
 * else it is measured; the instrument from the sidecar, else from the folder, else from the name. A file of which this cannot be told
 * is refused. The report lists every file; it is also written as `import-report.json`. Where every file is refused, nothing is written.
 *
 * @param folder searched with its subfolders; nothing in it is changed
 */
export async function importFolder(folder: string, options: ImportOptions): Promise<ImportReport> {
  const settings = settle(folder, options);
  const { signal, onProgress } = options;
  const files: string[] = [];
  try {
    for await (const file of filesUnder(folder)) files.push(file);
  } catch (cause) {
    throw new ArgumentError(
      `importFolder: expected a folder that can be read, found ${folder} (${(cause as NodeJS.ErrnoException).code})`,
      folder,
    );
  }
  const tablePath = options.sidecar ?? (await findSidecar(folder));
  const table = tablePath === undefined ? (): undefined => undefined : await readSidecar(tablePath);
  const tableFile = tablePath === undefined ? '' : relative(folder, tablePath);
  const run = new FolderImport(folder, settings, table);
  const known = new Set(files);
  const isSidecar = (file: string): boolean =>
    file === tableFile ||
    (file.endsWith('.json') &&
      ['.wav', '.aif', '.aiff', '.flac', '.mp3', '.ogg'].some((extension) => known.has(file.replace(/\.json$/, extension))));

  async function* notes(): AsyncGenerator<WritableNote> {
    for (const [done, file] of files.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ type: 'importing', file, done, total: files.length });
      if (isSidecar(file)) run.entries.push({ file, status: 'refused', reason: 'read as labels' });
      else if (notSounds.test(basename(file))) run.entries.push({ file, status: 'refused', reason: 'no sound by its name' });
      else {
        const note = await run.take(file);
        if (note !== undefined) yield note;
      }
    }
  }

  const imported = await writeJsonWav(settings.to, notes());
  const report: ImportReport = { imported, refused: run.entries.length - imported, files: run.entries };
  if (imported > 0) await writeFile(join(settings.to, 'import-report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  return report;
}
