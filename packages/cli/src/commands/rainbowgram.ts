import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Picture } from '@gansynth/spectral';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { breathe } from '../app/breathe.js';
import { count } from '../app/values.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';

interface RainbowgramOptions extends BackendOptions {
  readonly width?: number;
  readonly height: number;
  readonly out?: string;
  readonly sheet?: string;
  readonly columns: number;
}

/** `gansynth rainbowgram <sound|folder>` */
export function rainbowgram(program: Command): void {
  const command = withBackend(
    program.command('rainbowgram').argument('<sound|folder...>', 'sounds (WAV, AIFF, FLAC, MP3, Ogg), or folders of them'),
  )
    .description(
      'pictures of sounds: brightness is the level, colour the instantaneous frequency (figures 3, 4 and 7 of the paper)',
    )
    .option('--width <pixels>', 'default: two for each frame, 480 at most', count)
    .option('--height <pixels>', 'of each picture', count, 192)
    .option('-o, --out <folder>', 'where the PNG files go (default: beside the sounds)')
    .option('--sheet <file>', 'all on one PNG file instead, in rows')
    .option('--columns <n>', 'pictures in a row of the sheet', count, 5);
  perform<RainbowgramOptions>(command, run);
  examples(command, [
    ['gansynth rainbowgram notes', 'Of every sound in a folder'],
    ['gansynth rainbowgram notes --sheet notes.png --columns 8', 'All of them on one picture'],
  ]);
}

const soundFile = /\.(wav|aiff?|aifc|flac|mp3|ogg)$/i;

/** The sound files under a path, each with where it lies below that path. */
function soundsUnder(path: string): { file: string; below: string }[] {
  if (!statSync(path).isDirectory()) return [{ file: path, below: basename(path) }];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => soundFile.test(name))
    .sort()
    .map((name) => ({ file: join(path, name), below: relative(path, join(path, name)) }));
}

async function run(context: Context, options: RainbowgramOptions, paths?: string | readonly string[]): Promise<Result> {
  const { readSound } = await import('@gansynth/nsynth-data');
  const { encodePng, rainbowgramOf } = await import('../pipeline/pictures.js');
  const { sheetOf } = await import('../pipeline/sheet.js');
  const { writeAtomically } = await import('../runs/atomic.js');
  const { InputError } = await import('../app/errors.js');
  const wanted = [paths ?? []].flat();
  const missing = wanted.find((path) => !existsSync(path));
  if (missing !== undefined) throw new InputError(`${missing}: expected a sound file or a folder, found nothing there.`, missing);
  const sounds = wanted.flatMap((path) => soundsUnder(path));
  if (sounds.length === 0) throw new InputError(`${wanted.join(', ')}: expected sound files, found none.`, wanted);
  await startBackend(context, options);
  const step = context.progress.start('drawing', sounds.length);
  const files: string[] = [];
  const pictures: Picture[] = [];
  for (const { file, below } of sounds) {
    await breathe(context.signal);
    const { samples, sampleRate } = await readSound(file);
    const picture = await rainbowgramOf(samples, sampleRate, { width: options.width, height: options.height });
    if (options.sheet === undefined) {
      const to = join(
        options.out ?? dirname(file),
        `${(options.out === undefined ? basename(file) : below).replace(soundFile, '')}.png`,
      );
      writeAtomically(to, encodePng(picture));
      files.push(to);
      context.keeps(`${files.length} of ${sounds.length} pictures are drawn.`);
    } else {
      pictures.push(picture);
    }
    step.update(files.length + pictures.length, file);
  }
  if (options.sheet !== undefined) {
    writeAtomically(options.sheet, encodePng(sheetOf(pictures, options.columns)));
    files.push(options.sheet);
  }
  step.finish(`${sounds.length} pictures`);
  return { data: { files }, text: files.join('\n') };
}
