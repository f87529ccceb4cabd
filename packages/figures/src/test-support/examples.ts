import {
  type Bin,
  binsFigure,
  coherenceFigure,
  heatMap,
  interpolationFigure,
  latencyFigure,
  lineChart,
  octavesFigure,
  phasesFigure,
  type Picture,
  winsFigure,
} from '../index.js';

const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i / length);
export const picture: Picture = heatMap(ramp(12), [3, 4], { range: [0, 1], colours: 'level' });

/** A name that is trouble where it is not escaped. */
export const name = 'IF & <H> "mel"';

export const bins: readonly Bin[] = [
  { referenceProportion: 0.1, generatedProportion: 0.2, different: false },
  { referenceProportion: 0.6, generatedProportion: 0.8, different: true },
  { referenceProportion: 0.3, generatedProportion: 0, different: true },
];

const folded = { position: [0, 0.5, 0.25, 0.75], cycle: [0, 0, 1, 1], value: [0, 1, 0.5, -1] };
const [frames, bands] = [20, 5];
const image = (): Float32Array => ramp(frames * bands);

/** One of each figure. */
export const examples: Readonly<Record<string, () => string>> = {
  phases: () =>
    phasesFigure({
      name,
      sampleRate: 16_000,
      hop: 64,
      waveform: ramp(321),
      start: 128,
      cycles: [130, 190.5, 251],
      partials: [{ hertz: 440, wrapped: ramp(frames), unwrapped: ramp(frames), frequency: ramp(frames) }],
      frames,
      bins: bands,
      logMagnitude: image(),
      wrapped: image(),
      unwrapped: image(),
      frequency: image(),
    }),
  wins: () =>
    winsFigure([
      { model: name, wins: 10, comparisons: 40 },
      { model: 'real', wins: 30, comparisons: 40, paperShare: 0.7 },
    ]),
  coherence: () => coherenceFigure([1, 2, 3, 4, 5].map((i) => ({ name: `${name} ${i}`, folded, picture, seconds: 1 }))),
  interpolation: () => interpolationFigure([{ name, pictures: [picture, picture] }], [0, 1]),
  bins: () => binsFigure([{ name, bins }]),
  octaves: () => octavesFigure([{ name, picture, seconds: 2 }], ['C2', 'C3']),
  song: () => octavesFigure([{ name, picture, seconds: 2 }]),
  latency: () => latencyFigure([{ model: name, backend: 'wasm', milliseconds: 350 }]),
  lines: () =>
    lineChart(
      [
        {
          name,
          points: [
            [0, 1],
            [1, 3],
            [2, Number.NaN],
            [3, 2],
          ],
        },
        {
          name: 'other',
          points: [
            [0, 2],
            [3, 0],
          ],
        },
      ],
      { title: name, x: 'images', marks: [{ x: 1, label: name }] },
    ),
};
