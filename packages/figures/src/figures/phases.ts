import { checkSome, checkValues } from '../errors.js';
import { figure, type Panel } from '../figure.js';
import type { Mark } from '../marks.js';
import { extent } from '../scale.js';
import { heatMap, type Picture } from '../picture.js';

/** Phases of one partial, a value for each frame. */
export interface PartialPhases {
  /** Hz, of its bin. */
  readonly hertz: number;
  /** Radians in [-pi, pi]. */
  readonly wrapped: ArrayLike<number>;
  /** Radians without bound. */
  readonly unwrapped: ArrayLike<number>;
  /** Half turns per hop, [-1, 1]. */
  readonly frequency: ArrayLike<number>;
}

/** What `notePhases` of `@gansynth/spectral` gives. */
export interface PhasesData {
  readonly name: string;
  /** Hz */
  readonly sampleRate: number;
  /** Samples from frame to frame. */
  readonly hop: number;
  /** A few frames of the note. */
  readonly waveform: ArrayLike<number>;
  /** Where in the note they begin, in samples: a multiple of the hop. */
  readonly start: number;
  /** Positions in the note at which a cycle begins, in samples. */
  readonly cycles: ArrayLike<number>;
  readonly partials: readonly PartialPhases[];
  readonly frames: number;
  readonly bins: number;
  /** [frames, bins]: natural logarithm of the magnitude. */
  readonly logMagnitude: ArrayLike<number>;
  /** [frames, bins] */
  readonly wrapped: ArrayLike<number>;
  readonly unwrapped: ArrayLike<number>;
  readonly frequency: ArrayLike<number>;
}

/**
 * Figure 1: frames and the periods of a note do not meet, so its phase turns from frame to frame; unwrapped it is nearly a line, whose slope,
 * the instantaneous frequency, is nearly constant.
 *
 * @see Engel et al. 2019, figure 1
 */
export function phasesFigure(data: PhasesData): string {
  const { name, sampleRate, hop, waveform, start, cycles, partials, frames, bins } = data;
  checkSome(partials, 'phasesFigure: partials');
  for (const [what, values] of Object.entries({
    logMagnitude: data.logMagnitude,
    wrapped: data.wrapped,
    unwrapped: data.unwrapped,
    frequency: data.frequency,
  }))
    checkValues(values, `phasesFigure: ${what}`, frames * bins);
  checkValues(waveform, 'phasesFigure: waveform');
  const milliseconds = (sample: number): number => (1000 * sample) / sampleRate;
  const times = Array.from({ length: waveform.length }, (_, n) => milliseconds(start + n));
  const within = Array.from(cycles).filter((n) => n >= start && n < start + waveform.length - 1);
  const valueAt = (n: number): number => {
    const [at, share] = [Math.floor(n - start), n - Math.floor(n)];
    return waveform[at]! + share * (waveform[at + 1]! - waveform[at]!);
  };
  const boundaries = Array.from({ length: Math.floor(waveform.length / hop) + 1 }, (_, i) => milliseconds(start + i * hop));
  const wave: Panel = {
    title: 'waveform: a frame between two dashed lines, a dot where a cycle begins',
    x: { label: 'time in ms', domain: [times[0]!, times.at(-1)!], grid: false },
    y: { label: 'amplitude', domain: extent(Array.from(waveform), 0.1) },
    marks: [
      ...boundaries.map((at): Mark => ({ kind: 'rule', axis: 'x', at, label: 'frame' })),
      { kind: 'line', x: times, y: waveform, colour: 0 },
      { kind: 'dots', x: within.map(milliseconds), y: within.map(valueAt), colour: 'ink' },
    ],
  };
  const frame = Array.from({ length: frames }, (_, i) => milliseconds(i * hop) / 1000);
  const lines = (
    title: string,
    label: string,
    values: (one: PartialPhases) => ArrayLike<number>,
    from: number,
    to: number,
  ): Panel => {
    const part = (one: PartialPhases): number[] => Array.from(values(one)).slice(from, to);
    const x = frame.slice(from, to);
    return {
      title,
      x: { label: 'time in s', domain: [x[0]!, x.at(-1)!], grid: false },
      y: { label, domain: extent(partials.flatMap(part), 0.08) },
      marks: partials.map((one, colour): Mark => ({ kind: 'line', x, y: part(one), colour })),
    };
  };
  const image = (title: string, picture: Picture): Panel => ({
    title,
    x: { label: 'time in s', domain: [0, (frames * hop) / sampleRate], grid: false },
    y: { label: 'frequency in kHz', domain: [0, sampleRate / 2000], grid: false },
    marks: [{ kind: 'picture', picture, name: title }],
  });
  const size = [frames, bins] as const;
  const level = levelsOf(data.logMagnitude);
  // What is 40 dB or more above the floor has its full colour, what is below it none.
  const heard = Float32Array.from(data.logMagnitude, (value) =>
    Math.max(0, Math.min(1, ((value - level[0]) * 70) / 40 / (level[1] - level[0]))),
  );
  const section = Math.min(Math.floor(start / hop), Math.max(0, frames - 16));
  return figure({
    title: `Phases of ${name}`,
    description:
      `Waveform with frames of ${milliseconds(hop).toPrecision(3)} ms; phase of partials at ${partials.map(({ hertz }) => `${Math.round(hertz)} Hz`).join(', ')}, wrapped, unwrapped, ` +
      'and its derivative, the instantaneous frequency; the same of all frequencies as pictures.',
    rows: [
      [wave],
      [
        lines('phase, 16 frames', 'radians', ({ wrapped }) => wrapped, section, section + 16),
        lines('unwrapped', 'radians', ({ unwrapped }) => unwrapped, 0, frames),
        lines('instantaneous frequency', 'half turns a hop', ({ frequency }) => frequency, 1, frames),
      ],
      [
        image('log magnitude', heatMap(data.logMagnitude, size, { range: level, colours: 'level' })),
        image('phase', heatMap(data.wrapped, size, { range: [-Math.PI, Math.PI], colours: 'angle', weights: heard })),
      ],
      [
        image('unwrapped phase', heatMap(data.unwrapped, size, { range: rangeOf(data.unwrapped), colours: 'level' })),
        image('instantaneous frequency', heatMap(data.frequency, size, { range: [-1, 1], colours: 'angle', weights: heard })),
      ],
    ],
    heights: [170, 180, 190, 190],
    legend: partials.map(({ hertz }, colour) => ({ name: `${Math.round(hertz)} Hz`, colour, kind: 'line' })),
  });
}

/** 70 dB below the loudest. */
function levelsOf(values: ArrayLike<number>): [number, number] {
  const top = Array.from(values).reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return [top - (70 * Math.LN10) / 20, top];
}

/** All but the most extreme two percent. */
function rangeOf(values: ArrayLike<number>): [number, number] {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[Math.floor(0.02 * sorted.length)]!, sorted[Math.ceil(0.98 * (sorted.length - 1))]!];
  return high > low ? [low, high] : [low - 1, high + 1];
}
