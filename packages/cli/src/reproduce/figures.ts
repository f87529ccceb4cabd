import { join } from 'node:path';
import { replaceFile } from '@gansynth/common/node';
import type { Context } from '../app/command.js';
import { drawInterpolationOf, drawOctavesOf, drawSongOf } from '../figures/of-models.js';
import { drawCoherence, drawPhases, type DrawnNote } from '../figures/of-notes.js';
import { preludeFor } from '../figures/prelude.js';
import { drawBins, drawLatency, drawWins } from '../figures/of-scores.js';
import { openAutoencoder } from '../pipeline/open-autoencoder.js';
import { openModel } from '../pipeline/open-model.js';
import type { Folders } from './folders.js';
import type { Ledger } from './ledger.js';
import type { RowResult } from './row-result.js';
import { keptSound } from './sounds.js';

/** A figure of the page. */
export interface PageFigure {
  readonly name: string;
  readonly caption: string;
  readonly svg: string;
}

/** The paper's figures of what was scored, as far as there is something to draw; each also as a file of its own. */
export async function drawFigures(
  { results, latencies, autoencoder, listening, notes: { seconds } }: Ledger,
  at: Folders,
  { signal }: Context,
): Promise<PageFigure[]> {
  const figures: PageFigure[] = [];
  const add = async (name: string, caption: string, svg: string): Promise<void> => {
    signal.throwIfAborted();
    await replaceFile(join(at.figures, `${name}.svg`), svg);
    figures.push({ name, caption, svg });
  };
  const firsts = results.filter(({ row }, i) => results.findIndex((other) => other.row === row) === i);
  const real = await keptSound('real data', at.samples('real-data'));
  if (real)
    await add(
      'phases',
      'Figure 1. A real note: frames, phase, unwrapped phase, instantaneous frequency.',
      await drawPhases(real),
    );
  if (listening) await add('wins', 'Figure 2. Wins in the listening test.', drawWins(listening.score));
  const notes: DrawnNote[] = real ? [real] : [];
  for (const { row, title } of firsts) {
    const kept = row === 'real-data' ? undefined : await keptSound(title, at.samples(row));
    if (kept) notes.push(kept);
  }
  if (notes.length > 0)
    await add(
      'coherence',
      'Figure 3. A note of each row, folded on its period, and its rainbowgram.',
      await drawCoherence(notes),
    );
  const played = firsts.find(({ training }) => training !== null);
  if (played) await addPlayed(played, autoencoder, at, signal, add);
  if (firsts.length > 0)
    await add(
      'bins',
      'Figures 5 and 6. Share of the notes of each row in every bin of NDB, over that of real data.',
      drawBins(firsts.map(({ title, scores }) => ({ name: title, ndb: scores.ndb }))),
    );
  if (latencies.length > 0)
    await add(
      'latency',
      `One note (${seconds} s) of each row on each backend that runs here, beside the paper's times for 4 s: 20 ms and, 53,880 times as long, 1,077,530 ms.`,
      drawLatency(latencies),
    );
  return figures;
}

/** Figures 4 and 7 of the first row that was trained. */
async function addPlayed(
  { title, training }: RowResult,
  autoencoder: Ledger['autoencoder'],
  at: Folders,
  signal: AbortSignal,
  add: (name: string, caption: string, svg: string) => Promise<void>,
): Promise<void> {
  const voice = await openModel(join(at.runs, training!.run), at.runs);
  const coder = autoencoder === null ? undefined : await openAutoencoder(join(at.runs, autoencoder.run), at.runs);
  try {
    const [from, to] = voice.draw(2, 0) as [Float32Array, Float32Array];
    const pitch = voice.pitches[Math.floor(voice.pitches.length / 2)]!;
    const interpolation = await drawInterpolationOf(voice, { timbres: [from, to], steps: 7, pitch, autoencoder: coder, signal });
    await add(
      'interpolation',
      `Figure 4. ${title}: from one latent to another, and the two notes mixed as waves${coder ? ' and as an autoencoder has them' : ''}.`,
      interpolation.svg,
    );
    const octaves = await drawOctavesOf(voice, { seed: 0, seconds: 0.5, signal });
    await add('octaves', `Figure 7. ${title}: one latent over its pitches, and latents that move.`, octaves.svg);
    const prelude = preludeFor(voice.pitches);
    if (prelude.length > 0)
      await add(
        'prelude',
        `Figure 7. ${title}: the opening of the prelude of Bach's first cello suite, by one latent, and passing 15 of them.`,
        await drawSongOf(voice, { notes: prelude, lowest: 0, seed: 0, signal }),
      );
  } finally {
    coder?.model.dispose();
    voice.dispose();
  }
}
