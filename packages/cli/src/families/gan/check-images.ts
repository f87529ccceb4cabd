import { show, type Say } from '../family.js';
import type { ImageRecipe } from './image-fields.js';

type Harmonic = Extract<ImageRecipe['representation'], { kind: 'harmonic' }>;

function checkHarmonic(
  { frames, bins, noiseBands, halfHarmonics = 0, modulation = false, onsetFrames, onsetHop }: Harmonic,
  { samples, sampleRate }: ImageRecipe['data'],
  say: Say,
): void {
  if (noiseBands >= bins) say('representation.noiseBands', `found ${noiseBands}: expected fewer than bins, ${bins}.`);
  else if (noiseBands + halfHarmonics >= bins) {
    say(
      'representation.halfHarmonics',
      `found ${halfHarmonics}: with ${noiseBands} bands of noise they leave no bin for the fundamental of ${bins}.`,
    );
  }
  if (modulation && noiseBands < 8)
    say('representation.modulation', `found true: its depths take 8 bands of noise, representation.noiseBands is ${noiseBands}.`);
  const seconds = (samples - onsetFrames * onsetHop) / (frames - onsetFrames) / sampleRate;
  if (modulation && frames > onsetFrames && (frames < onsetFrames + 8 || frames > onsetFrames + 1024 || seconds > 1 / 16)) {
    say(
      'representation.modulation',
      `found true: expected 8 to 1024 frames of at most 62.5 ms after the onset, found ${frames - onsetFrames} of ${Math.round(1000 * seconds)} ms. Change representation.frames.`,
    );
  }
  if (onsetFrames >= frames) say('representation.onsetFrames', `found ${onsetFrames}: expected fewer than frames, ${frames}.`);
  else if (onsetFrames * onsetHop + frames - onsetFrames > samples) {
    say(
      'representation.onsetHop',
      `found ${onsetHop}: ${onsetFrames} of them leave nothing of ${samples} samples for the other frames.`,
    );
  }
}

/** What notes, representation and normaliser of a recipe say about each other. */
export function checkImages({ representation, normaliser, data }: ImageRecipe, say: Say): void {
  if (normaliser.kind === 'gansynth' && representation.kind !== 'if-mel') {
    say(
      'normaliser.kind',
      `found ${show(normaliser.kind)}: its constants fit if-mel only. Expected "${representation.kind === 'waveform' ? 'none' : 'measured'}".`,
    );
  }
  if (representation.kind === 'waveform') return;
  if (representation.kind === 'harmonic') {
    checkHarmonic(representation, data, say);
    return;
  }
  const harmonic = representation.kind === 'if-mel-harmonic';
  if (harmonic) {
    const { frames, bins, fullFrames, fullBins } = representation;
    if (fullFrames % frames !== 0) say('representation.frames', `found ${frames}: it does not divide fullFrames, ${fullFrames}.`);
    if (fullBins % bins !== 0) say('representation.bins', `found ${bins}: it does not divide fullBins, ${fullBins}.`);
  }
  const [frames, bins, overlap] = harmonic
    ? [representation.fullFrames, representation.fullBins, 0.75]
    : [representation.frames, representation.bins, representation.overlap];
  const fft = 2 * bins;
  const covered = Math.trunc(fft * (1 - overlap)) * (frames - 1) + fft;
  if (covered >= data.samples) return;
  say(
    harmonic ? 'representation.fullFrames' : 'representation.frames',
    `found ${frames}: ${frames} frames of ${fft} samples cover ${covered}, a note has ${data.samples}. ` +
      'Raise frames or bins, or lower data.samples.',
  );
}
