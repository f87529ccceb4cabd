import { basename, join } from 'node:path';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer, seed } from '../app/numbers.js';
import { checkOutputFolder } from '../app/outputs.js';
import type { Step } from '../app/progress.js';
import { pitch as pitchValue, pitchName } from '../app/values.js';
import { withVoice, type VoiceOptions } from '../pipeline/voice-options.js';

interface ProjectOptions extends VoiceOptions {
  readonly pitch?: number;
  readonly candidates?: number;
  readonly starts: number;
  readonly steps: number;
  readonly seed: number;
  readonly trim: boolean;
  readonly out: string;
}

/** `gansynth project <sound>` */
export function project(program: Command): void {
  const command = withVoice(
    program
      .command('project')
      .argument('<sound>', 'one note: WAV, AIFF, FLAC, MP3 or Ogg (Vorbis, Opus, FLAC), of any sample rate'),
  )
    .description('find the latent that reproduces a recording best, to play it at other pitches or to interpolate from it')
    .option('--pitch <pitch>', 'of the recording (default: measured)', pitchValue)
    .option(
      '--candidates <n>',
      'random latents tried first (default: 32, or eight of each instrument that the model tells apart)',
      integer({ from: 1, to: 100_000 }),
    )
    .option('--starts <n>', 'best of them that are improved', integer({ from: 1, to: 1000 }), 3)
    .option('--steps <n>', 'improvements of each', integer({ from: 0, to: 1_000_000 }), 100)
    .option('--seed <n>', 'of the candidates', seed, 0)
    .option('--no-trim', 'keep silence before the note')
    .option('-o, --out <folder>', "where latents.json, the note and the model's answer go", 'projection');
  perform<ProjectOptions>(command, run);
  examples(command, [
    ['gansynth project flute.wav', 'Then: gansynth scale --latent projection/latents.json'],
    ['gansynth interpolate --from projection/latents.json --to 3', 'From your recording to another timbre'],
  ]);
}

async function run(context: Context, options: ProjectOptions, path: string): Promise<Result> {
  const tf = await import('@tensorflow/tfjs-core');
  const { families, familyNamed } = await import('../families/index.js');
  const { readSound } = await import('@gansynth/nsynth-data');
  const { prepareRecording } = await import('../audio/prepare-recording.js');
  const { InputError, UsageError } = await import('../app/errors.js');
  const { writeLatents } = await import('../pipeline/latents.js');
  const { writeSound } = await import('../pipeline/pictures.js');
  const { trackPitch } = await import('@gansynth/metrics');
  const { framesBefore } = await import('@gansynth/spectral');
  const { labelsOf } = await import('@gansynth/voice');
  const { useVoice } = await import('../pipeline/voice-options.js');
  checkOutputFolder(options.out);
  return useVoice(context, options, async (voice) => {
    const { representation, pitches, manifest, files: modelFiles } = voice;
    const { findLatent } = familyNamed(manifest.family)?.models ?? {};
    if (findLatent === undefined || modelFiles === undefined) {
      const able = families.filter(({ models }) => models.findLatent).map(({ name }) => name);
      throw new UsageError(`project: expected a model of ${able.join(' or ')}, found one of ${manifest.family}.`, voice.source);
    }
    const { sampleRate } = voice;
    const { samples } = await readSound(path, { sampleRate });
    const { note, recorded } = prepareRecording(samples, representation.samples, options.trim);
    if (note.every((value) => value === 0)) throw new InputError(`${path}: expected a note, found silence.`, path);
    const { freeHertz } = trackPitch(note, { sampleRate, pitch: options.pitch ?? pitches[pitches.length >> 1]! });
    const pitch = options.pitch ?? (freeHertz === null ? undefined : Math.round(69 + 12 * Math.log2(freeHertz / 440)));
    if (pitch === undefined) {
      throw new InputError(`${path}: expected a note with a pitch, found none. Name it with --pitch.`, path);
    }
    labelsOf(pitches, [pitch]);
    context.progress.note(`pitch ${pitch} (${pitchName(pitch)})${options.pitch === undefined ? ', measured' : ''}`);
    // Of a recording that is shorter than the model's notes, only what there is of it is to be matched, not that it ends.
    const known = await framesBefore(representation, recorded, pitch);
    if (!known.includes(1)) {
      const seconds = (recorded / sampleRate).toPrecision(3);
      throw new InputError(`${path}: expected a note that fills a frame of the model's images, found ${seconds} seconds.`, path);
    }
    let trying: Step | undefined;
    let improving: Step | undefined;
    const [image, pixelWeights] = tf.tidy(() => [
      representation.encode(tf.tensor2d(note, [1, note.length]), [pitch]),
      tf.tensor3d(known, [known.length, 1, 1]),
    ]) as [Tensor4D, Tensor];
    const found = await findLatent(modelFiles, image, {
      pitches: [pitch],
      seed: options.seed,
      ...(options.candidates !== undefined && { candidates: options.candidates }),
      starts: options.starts,
      steps: options.steps,
      pixelWeights,
      signal: context.signal,
      onEvent: (event) => {
        const best = `distance ${event.best.toFixed(4)}`;
        if (event.type === 'candidates') {
          trying ??= context.progress.start('trying latents', event.of);
          trying.update(event.tried, best);
          if (event.tried === event.of) trying.finish(best);
        } else {
          improving ??= context.progress.start('improving the best', event.starts * event.steps);
          improving.update(event.start * event.steps + event.step, best);
        }
      },
    }).finally(() => tf.dispose([image, pixelWeights]));
    const latents = join(options.out, 'latents.json');
    await writeLatents(latents, [found.latent], `${basename(path)} in ${voice.source}`);
    const [answer = new Float32Array()] = await voice.notes(pitch, { latent: found.latent, signal: context.signal });
    const files: string[] = [];
    for (const [name, audio] of [
      ['recording', note],
      ['answer', answer],
    ] as const) {
      await writeSound(join(options.out, name), audio, sampleRate);
      files.push(join(options.out, `${name}.wav`));
    }
    improving?.finish(`distance ${found.distance.toFixed(4)}, best of the candidates ${found.candidateDistance.toFixed(4)}`);
    const { distance, candidateDistance } = found;
    return {
      data: { model: voice.source, latents, pitch, distance, candidateDistance, files },
      text: [`${latents}: distance ${distance.toFixed(4)} (best random latent ${candidateDistance.toFixed(4)})`, ...files].join(
        '\n',
      ),
    };
  });
}
