import { nameOfPitch } from '@gansynth/common/note-name';
import type { MeasuredPitch } from '@gansynth/common/pitch';
import type { NamedPitch, NameReading } from './read-name.js';

/** What is known of a file's pitch before it is decided. */
export interface PitchEvidence {
  readonly reading: NameReading;
  /** Said in the file itself, to samplers. */
  readonly rootKey?: number;
  /** Only where it is certain enough. */
  readonly measured?: MeasuredPitch;
}

/** What the names of a whole collection say of how they are to be read. */
export interface NamingCustom {
  /** Semitones to be added to the names of notes, a multiple of 12. */
  readonly shift: number;
  /** Whether bare numbers in names like this one are pitches; undefined if nothing tells. */
  readonly numbersArePitches: boolean | undefined;
}

export interface DecidedPitch {
  readonly pitch: number;
  readonly pitchFrom: 'name' | 'file' | 'measured';
  /** Readings of the name that agree. */
  readonly used: readonly NamedPitch[];
  /** A contradiction, in words. */
  readonly warning?: string;
}

/** Semitones of the octaves and twelfths by which sounds with weak or strong partials are misheard. */
const misheard: ReadonlySet<number> = new Set([12, 19, 24, 28, 31, 36]);

/** A tone further off than this from what a name says is another note. */
export const isNear = (pitch: number, measured: MeasuredPitch): boolean => Math.abs(pitch - measured.pitch) <= 0.75;

/** What samplers write where nobody said a key. */
const defaultKey = 60;

interface Candidate {
  readonly pitch: number;
  readonly from: 'name' | 'file';
  /** Somebody wrote a MIDI number or a sampler's key on purpose. */
  readonly isExplicit: boolean;
  /** Clearly a pitch if it is an octave or a twelfth from what is heard: the name of a note, or m60. */
  readonly isNote: boolean;
  readonly named?: NamedPitch;
}

const distinct = (candidates: readonly Candidate[]): number[] => [...new Set(candidates.map(({ pitch }) => pitch))];

function candidatesOf({ reading, rootKey, measured }: PitchEvidence, custom: NamingCustom): Candidate[] {
  const candidates: Candidate[] = [];
  if (rootKey !== undefined) candidates.push({ pitch: rootKey, from: 'file', isExplicit: rootKey !== defaultKey, isNote: false });
  for (const named of reading.pitches) {
    const pitch = named.pitch + (named.form === 'note' ? custom.shift : 0);
    const isBare = named.form === 'number';
    if (pitch < 0 || pitch > 127) continue;
    if (isBare && custom.numbersArePitches === false && !(measured && isNear(pitch, measured))) continue;
    // A lone number that no sound bears out must at least be a key of a piano.
    if (isBare && custom.numbersArePitches === undefined && !measured && (pitch < 21 || pitch > 108)) continue;
    const isExplicit =
      named.form === 'nsynth' || (named.form === 'midi' && !measured) || (isBare && custom.numbersArePitches === true);
    candidates.push({ pitch, from: 'name', isExplicit, isNote: named.form === 'note' || named.form === 'midi', named });
  }
  return candidates;
}

const text = ({ pitch, confidence }: MeasuredPitch): string => `${pitch.toFixed(2)} (confidence ${confidence.toFixed(2)})`;

/**
 * One pitch of what a name, the file and the sound itself say. A name whose reading is heard is believed, whatever else it says; a MIDI number
 * or a note an octave or a twelfth from what is heard as well, since that is how sounds are misheard; against other readings the sound is
 * believed.
 *
 * @returns undefined if nothing tells; a list of the readings if they differ and nothing decides
 */
export function weighPitch(evidence: PitchEvidence, custom: NamingCustom): DecidedPitch | readonly number[] | undefined {
  const { measured } = evidence;
  const candidates = candidatesOf(evidence, custom);
  const decide = (pitch: number, warning?: string): DecidedPitch => {
    const agreeing = candidates.filter((candidate) => candidate.pitch === pitch);
    const used = agreeing.flatMap(({ named }) => (named === undefined ? [] : [named]));
    const pitchFrom = agreeing.some(({ from }) => from === 'name') ? 'name' : agreeing.length > 0 ? 'file' : 'measured';
    return { pitch, pitchFrom, used, ...(warning === undefined ? {} : { warning }) };
  };
  const explicit = distinct(candidates.filter(({ isExplicit }) => isExplicit));
  const all = distinct(candidates);

  if (measured === undefined) {
    const [only] = explicit.length > 0 ? explicit : all;
    if (explicit.length > 1 || (explicit.length === 0 && all.length > 1)) return all;
    return only === undefined ? undefined : decide(only);
  }
  const heard = all.find((pitch) => isNear(pitch, measured));
  if (heard !== undefined) return decide(heard);
  const said = `name or file say ${all.map((pitch) => `${pitch} (${nameOfPitch(pitch)})`).join(' and ')}, measured ${text(measured)}`;
  const isMisheard = (pitch: number): boolean => misheard.has(Math.abs(Math.round(measured.pitch - pitch)));
  const likely = distinct(candidates.filter(({ isNote, pitch }) => isNote && isMisheard(pitch)));
  const [believed] = explicit.length === 1 ? explicit : likely.length === 1 ? likely : [];
  if (believed !== undefined) return decide(believed, `${said}: taken as ${believed}`);
  const pitch = Math.round(measured.pitch);
  return decide(pitch, all.length === 0 ? undefined : `${said}: taken as ${pitch}`);
}
