import { basename, dirname, extname, join } from 'node:path';
import { measurePitch } from '@gansynth/common/pitch';
import ndarray from 'ndarray';
import { NSynthDataError } from '../errors.js';
import { Mismatch, parseLabels, toMetadata } from '../notes/labels.js';
import type { NSynthMetadata } from '../notes/note.js';
import { readWhole } from '../files/plain-file.js';
import type { WritableNote } from '../formats/write-json-wav.js';
import { decodeSound, largestFile } from '../decode/decode-sound.js';
import { familyOfPath } from './family-of-path.js';
import type { ImportSettings } from './import-options.js';
import type { ImportEntry } from './import-report.js';
import type { ListenedSound } from './listened-sound.js';
import { InstrumentNames, plainName } from './instrument-names.js';
import { namingCustoms, type NamedEvidence } from './naming-custom.js';
import { type NamedPitch, readName, withoutPitches } from './read-name.js';
import { shapeAudio } from './shape-audio.js';
import { readOwnSidecar, type Sidecar } from './sidecar.js';
import { weighPitch } from './weigh-pitch.js';

interface Heard extends ListenedSound, NamedEvidence {}

interface Decided {
  readonly pitch: number;
  readonly pitchFrom: 'sidecar' | 'name' | 'file' | 'measured';
  readonly used: readonly NamedPitch[];
  readonly warning?: string;
}

const nameOf = (file: string): string => basename(file, extname(file));

/** Layers of a sampler (`v1` to `v16`) rather than velocities. */
const mostLayers = 16;

/** Turns the sounds of one folder into notes: all are listened to first, since names are understood by one another. */
export class FolderImport {
  readonly #folder: string;
  readonly #settings: ImportSettings;
  readonly #sidecar: Sidecar | undefined;
  readonly #heard = new Map<string, Heard>();
  readonly #instruments = new InstrumentNames();
  readonly #ids = new Set<string>();
  #customs = namingCustoms([], undefined);
  #layers = 0;
  /** What became of each file, by its path. */
  readonly entries: Map<string, ImportEntry> = new Map();

  constructor(folder: string, settings: ImportSettings, sidecar: Sidecar | undefined) {
    this.#folder = folder;
    this.#settings = settings;
    this.#sidecar = sidecar;
  }

  refuse(file: string, reason: string): void {
    this.entries.set(file, { file, status: 'refused', reason });
  }

  /** What is wrong with a sound is its own matter; everything else ends the import. */
  async #orRefuse<T>(file: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Mismatch) && !NSynthDataError.isInstance(error)) throw error;
      this.refuse(file, error.message.replace(/^nsynth-data: /, ''));
      return undefined;
    }
  }

  async #shaped(file: string): Promise<Omit<ReturnType<typeof shapeAudio>, 'audio'> & { audio: Float32Array; rootKey?: number }> {
    const { sampleRate, seconds, trimBelow, peak } = this.#settings;
    const sound = await decodeSound(await readWhole(join(this.#folder, file), { limit: largestFile }));
    const shaped = shapeAudio(sound, { sampleRate, samples: Math.round(seconds * sampleRate), trimBelow, peak });
    if (shaped.audio === undefined) throw new Mismatch('expected a sound, found silence');
    const { rootKey } = sound;
    return { ...shaped, audio: shaped.audio, ...(rootKey === undefined ? {} : { rootKey }) };
  }

  /** Reads a sound and keeps what it says of its pitch. @returns its audio, as the note will have it; undefined if it is refused */
  listen(file: string): Promise<{ readonly sound: ListenedSound; readonly audio: Float32Array } | undefined> {
    return this.#orRefuse(file, async () => {
      const labels = { ...this.#sidecar?.labels(file), ...(await readOwnSidecar(join(this.#folder, file))) };
      const { audio, rootKey, peak, done } = await this.#shaped(file);
      const sounding = labels.pitch === undefined ? measurePitch(audio, this.#settings.sampleRate) : undefined;
      const sound: ListenedSound = {
        file,
        labels,
        ...(rootKey === undefined ? {} : { rootKey }),
        ...(sounding === undefined ? {} : { sounding }),
        peak,
        done,
      };
      this.recall(sound);
      return { sound, audio };
    });
  }

  /** Takes what was found in a sound, here or on another machine. */
  recall(sound: ListenedSound): void {
    const { file, sounding } = sound;
    const reading = readName(nameOf(file));
    const isCertain = sounding !== undefined && sounding.confidence >= this.#settings.minConfidence;
    this.#heard.set(file, { ...sound, reading, ...(isCertain ? { measured: sounding } : {}) });
  }

  /** Weighs the names of all sounds by those that were listened to; what it finds of middle C. */
  weighNames(sounds: readonly string[]): ReturnType<typeof namingCustoms>['guessed'] {
    for (const file of sounds) this.#layers = Math.max(this.#layers, readName(nameOf(file)).layer ?? 0);
    this.#customs = namingCustoms([...this.#heard.values()], this.#settings.middleC);
    return this.#customs.guessed;
  }

  /** The note of a sound that was listened to, which is read again. */
  take(file: string): Promise<WritableNote | undefined> {
    return this.#orRefuse(file, async () => {
      const heard = this.#heard.get(file);
      if (heard === undefined) return undefined;
      const decided = this.#decide(heard);
      const { audio } = await this.#shaped(file);
      return { audio: ndarray(audio), metadata: this.#named(heard, decided) };
    });
  }

  /** The name and labels of a sound that was listened to, and whose note there is already. */
  name(file: string): Promise<NSynthMetadata | undefined> {
    return this.#orRefuse(file, async () => {
      const heard = this.#heard.get(file);
      return heard === undefined ? undefined : this.#named(heard, this.#decide(heard));
    });
  }

  #named(heard: Heard, decided: Decided): NSynthMetadata {
    const metadata = this.#label(heard, decided);
    const { pitch, pitchFrom, warning } = decided;
    const { file, sounding, peak, done } = heard;
    this.entries.set(file, {
      file,
      status: 'imported',
      id: metadata.note_str,
      pitch,
      pitchFrom,
      ...(sounding === undefined ? {} : { measured: sounding }),
      peak,
      done,
      warnings: warning === undefined ? [] : [warning],
    });
    return metadata;
  }

  #decide(heard: Heard): Decided {
    const { file, labels, sounding } = heard;
    if (labels.pitch !== undefined) return { pitch: labels.pitch, pitchFrom: 'sidecar', used: heard.reading.pitches };
    const decided = weighPitch(heard, this.#customs.of(file));
    const cure = 'Say it in labels.csv or in the name, as in C#4, m61 or -061-';
    if (decided === undefined) {
      const { minConfidence } = this.#settings;
      const found =
        sounding === undefined
          ? 'none'
          : `${sounding.pitch.toFixed(2)} with confidence ${sounding.confidence.toFixed(2)} of the ${minConfidence} wanted`;
      throw new Mismatch(`expected a pitch, found none in table, name or file, and measured ${found}. ${cure}`);
    }
    if ('pitch' in decided) return decided;
    throw new Mismatch(`expected one pitch in the name, found ${decided.join(' and ')}, and measured none for certain. ${cure}`);
  }

  /** The instrument: what a table calls it, else the folder, else what the name is without pitch, take and velocity. */
  #instrument({ file, labels, reading }: Heard, { used }: Decided): { readonly name: string; readonly number: number } {
    if (labels.instrument !== undefined && labels.instrument.trim() !== '')
      return this.#instruments.of(`name ${labels.instrument.trim().normalize('NFC')}`, [labels.instrument]);
    const folder = dirname(file);
    if (folder !== '.') return this.#instruments.of(`folder ${folder}`, folder.split(/[/\\]/));
    // Numbers that tell the files of one series apart tell no instruments apart.
    const isSeries = this.#customs.of(file).numbersArePitches !== undefined;
    const counted = reading.pitches.filter(({ form }) => isSeries && form === 'number');
    const name = withoutPitches(reading, [...used, ...counted]);
    return this.#instruments.of(`name ${plainName(name)}`, [name]);
  }

  #velocity({ labels, reading }: Heard): number {
    const { layer } = reading;
    const ofLayer =
      layer === undefined || this.#layers > 127
        ? undefined
        : this.#layers <= mostLayers
          ? Math.round((127 * layer) / this.#layers)
          : layer;
    return labels.velocity ?? reading.velocity ?? ofLayer ?? this.#settings.velocity;
  }

  #label(heard: Heard, decided: Decided): NSynthMetadata {
    const { file, labels } = heard;
    const instrument = this.#instrument(heard, decided);
    const velocity = this.#velocity(heard);
    const { pitch } = decided;
    const base = `${instrument.name}-${String(pitch).padStart(3, '0')}-${String(velocity).padStart(3, '0')}`;
    let id = base;
    for (let take = 2; this.#ids.has(id); take++) id = `${base}-${take}`;
    const record = parseLabels({
      note: this.#ids.size,
      note_str: id,
      pitch,
      velocity,
      instrument: instrument.number,
      instrument_str: instrument.name,
      instrument_family_str:
        labels.family ?? this.#settings.family ?? familyOfPath([...dirname(file).split(/[/\\]/), nameOf(file)]),
      instrument_source_str: labels.source ?? this.#settings.source,
      qualities_str: labels.qualities ?? [],
      sample_rate: this.#settings.sampleRate,
    });
    this.#ids.add(id);
    return toMetadata(record);
  }
}
