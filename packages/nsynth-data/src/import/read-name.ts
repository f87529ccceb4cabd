import { pitchOfName } from '@gansynth/common/note-name';

/** How a name writes a pitch: `-060-100`, `m60` or `midi60`, `C#4`, a bare `060`. */
export type PitchForm = 'nsynth' | 'midi' | 'note' | 'number';

/** A part of a name that may be a pitch. */
export interface NamedPitch {
  /** MIDI; of a note's name with middle C as C4. */
  readonly pitch: number;
  readonly form: PitchForm;
  /** As it stands in the name. */
  readonly text: string;
}

/** What a file's name may say. */
export interface NameReading {
  readonly pitches: readonly NamedPitch[];
  /** 0 to 127. */
  readonly velocity?: number;
  /** `v10`: a velocity, or one of a few layers, as the other names tell. */
  readonly layer?: number;
  /** What is left without round robins, takes, velocities, rates. */
  readonly rest: string;
}

const before = String.raw`(?<=^|[^\p{L}#])`;
const after = String.raw`(?=$|[^\p{L}\d])`;
const pattern = (body: string): RegExp => new RegExp(`${before}(?:${body})${after}`, 'giu');

/** Numbers that count or measure something else than pitch. */
const counters: readonly RegExp[] = [
  pattern(String.raw`(?:rr|round[\s_-]?robin)[\s_-]?\d{1,3}`),
  pattern(String.raw`(?:take|tk|recording|rec|untitled|memo|copy|track|trk|no|nr|var|alt|mic|part|version|ver)[\s_.-]*\d{1,4}`),
  pattern(String.raw`\d{1,6}[\s_-]?(?:bpm|k?hz|bits?|db|ms|sec|s|x|st|nd|rd|th)`),
  pattern(String.raw`(?:19|20)\d\d[-_. ]?[01]\d[-_. ]?[0-3]\d`),
];
const velocities = pattern(String.raw`vel(?:ocity)?[\s_-]?(\d{1,3})`);
const layers = pattern(String.raw`(?:v|lyr|layer)[\s_-]?(\d{1,3})`);

const forms: readonly { readonly form: PitchForm; readonly expression: RegExp; pitch(text: string): number | undefined }[] = [
  { form: 'nsynth', expression: /-(\d{3})-\d{3}(?=$|[^0-9])/g, pitch: Number },
  // A single digit after m is a model's name.
  { form: 'midi', expression: pattern(String.raw`m(\d{2,3})`), pitch: Number },
  { form: 'midi', expression: pattern(String.raw`midi[\s_-]?(\d{1,3})`), pitch: Number },
  {
    form: 'note',
    // C#4, Db3, as2 (s: sharp), F-1
    expression: /(?<=^|[^\p{L}\d#])([a-g](?:[#♯s]|[b♭])?-?\d)(?=$|[^\p{L}\d#])/giu,
    pitch: (text) => pitchOfName(text.replace(/(?<=^[a-g])s/i, '#')),
  },
  { form: 'number', expression: pattern(String.raw`(?:note|key|pitch)[\s_-]?(\d{1,3})`), pitch: Number },
  { form: 'number', expression: /(?<=^|[-_ .([])(\d{2,3})(?=$|[-_ .)\]])/g, pitch: Number },
];

/**
 * What a file's name may say of its pitch and velocity: every reading, to be weighed against the sound and the other names.
 *
 * @param name without folder and extension
 */
export function readName(name: string): NameReading {
  const nsynth = /-\d{3}-(\d{3})(?=$|[^0-9])/.exec(name)?.[1];
  const written = nsynth ?? [...name.matchAll(velocities)][0]?.[1];
  const layer = [...name.matchAll(layers)][0]?.[1];
  const rest = [velocities, layers, ...counters].reduce((text, expression) => text.replace(expression, ' '), name);
  const pitches: NamedPitch[] = [];
  // What was read in one form is not read again in a weaker one.
  let unread = rest;
  for (const { form, expression, pitch } of forms) {
    // A name of NSynth's own form has other numbers for other things.
    if (pitches[0]?.form === 'nsynth') break;
    const found = [...unread.matchAll(expression)];
    unread = unread.replace(expression, ' ');
    for (const [text, inner = text] of found) {
      const value = pitch(inner);
      if (value !== undefined && value >= 0 && value <= 127) pitches.push({ pitch: value, form, text });
    }
  }
  const velocity = written !== undefined && Number(written) <= 127 ? Number(written) : undefined;
  return {
    pitches,
    rest,
    ...(velocity === undefined ? {} : { velocity }),
    ...(layer === undefined ? {} : { layer: Number(layer) }),
  };
}

/** What is left of a name without the parts that are pitches. */
export const withoutPitches = ({ rest }: NameReading, pitches: readonly NamedPitch[]): string =>
  pitches.reduce((text, { text: part }) => text.replaceAll(part, ' '), rest);
