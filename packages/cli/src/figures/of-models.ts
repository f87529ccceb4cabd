import type { ScoreNote, Voice } from '@gansynth/voice';
import { pitchName } from '../app/values.js';
import { inARow } from '../audio/in-a-row.js';
import { mixWaves } from '../audio/mix-waves.js';
import { mixEncoded } from '../pipeline/mix-encoded.js';
import type { Autoencoder } from '../pipeline/open-autoencoder.js';
import { spread } from '../pipeline/note-sources.js';
import { drawInterpolation, drawOctaves } from './of-notes.js';

export interface InterpolationWanted {
  /** Both ends. */
  readonly timbres: readonly [from: Float32Array, to: Float32Array];
  /** Notes, both ends included. */
  readonly steps: number;
  /** MIDI. */
  readonly pitch: number;
  /** Of sounds of the voice's sample rate. Also mixes the two ends as it has them; slow. */
  readonly autoencoder?: Autoencoder | undefined;
  readonly signal?: AbortSignal;
}

/** Figure 4 of a model, as SVG: through its latents, the two ends mixed as waves, and as an autoencoder has them. */
export async function drawInterpolationOf(
  voice: Voice,
  { timbres, steps, pitch, autoencoder, signal = new AbortController().signal }: InterpolationWanted,
): Promise<{ readonly svg: string; readonly shares: readonly number[] }> {
  const shares = Array.from({ length: steps }, (_, i) => i / (steps - 1));
  const { sampleRate } = voice;
  const notes = await voice.phrase(
    shares.map(() => pitch),
    { timbres, signal },
  );
  const mixed = shares.map((share) => mixWaves(notes[0]!, notes.at(-1)!, share));
  const rows = [
    { name: `${voice.name}: through the latents`, notes, sampleRate },
    { name: 'the two ends mixed as waves', notes: mixed, sampleRate },
  ];
  if (autoencoder) {
    const decoded = await mixEncoded(autoencoder, [notes[0]!, notes.at(-1)!], shares, { seed: 0, signal });
    rows.push({ name: "the two ends mixed as NSynth's autoencoder has them", notes: decoded, sampleRate });
  }
  return { svg: await drawInterpolation(rows, shares), shares };
}

export interface OctavesWanted {
  /** MIDI; default: 15 over the five octaves up from C2, as far as the model goes. */
  readonly pitches?: readonly number[] | undefined;
  /** Of the latents. */
  readonly seed: number;
  /** Of each note. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Figure 7 of a model, as SVG: notes in a row by one latent, and by latents that move. */
export async function drawOctavesOf(
  voice: Voice,
  { pitches, seed, seconds, signal }: OctavesWanted,
): Promise<{ readonly svg: string; readonly pitches: readonly number[] }> {
  const { sampleRate } = voice;
  const timbres = voice.draw(4, seed);
  const within = voice.pitches.filter((number) => number >= 36 && number <= 96);
  const played = pitches ?? spread(within.length > 0 ? within : voice.pitches, 15);
  const each = Math.min(voice.samples, Math.round(seconds * sampleRate));
  const stopping = signal && { signal };
  const rows = [
    { name: 'one latent', audio: inARow(await voice.notes(played, { latent: timbres[0]!, ...stopping }), each), sampleRate },
    { name: 'latents that move', audio: inARow(await voice.phrase(played, { timbres, ...stopping }), each), sampleRate },
  ];
  return { svg: await drawOctaves(rows, played.map(pitchName)), pitches: played };
}

/** As many latents as the paper's prelude passes. */
const songLatents = 15;

export interface SongWanted {
  /** One at least that the model can play. */
  readonly notes: readonly ScoreNote[];
  /** MIDI: notes below are left out. Default: as a voice has it, 36 or the model's lowest. */
  readonly lowest?: number | undefined;
  /** What is drawn of it. Default: all. */
  readonly seconds?: number;
  /** Of the latents. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Figure 7 of a model and a song, as SVG: by one latent, and by latents that move from one point to the next. */
export async function drawSongOf(voice: Voice, { notes, lowest, seconds, seed, signal }: SongWanted): Promise<string> {
  const { sampleRate } = voice;
  const moving = voice.draw(songLatents, seed);
  const play = async (timbres: readonly Float32Array[]): Promise<Float32Array> => {
    const audio = await voice.song(notes, { timbres, lowest, signal });
    return seconds === undefined ? audio : audio.subarray(0, Math.round(seconds * sampleRate));
  };
  const rows = [
    { name: 'one latent', audio: await play([moving[0]!]), sampleRate },
    { name: `latents that move: ${songLatents} points`, audio: await play(moving), sampleRate },
  ];
  return drawOctaves(rows, [], 'A song by one latent, and by latents that move');
}
