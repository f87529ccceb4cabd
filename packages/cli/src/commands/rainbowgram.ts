import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { count } from '../app/values.js';
import { startBackend, withBackend, type BackendOptions } from '../backend/options.js';

interface RainbowgramOptions extends BackendOptions {
  readonly width?: number;
  readonly height: number;
  readonly out?: string;
}

/** `gansynth rainbowgram <wav|folder>` */
export function rainbowgram(program: Command): void {
  const command = withBackend(program.command('rainbowgram').argument('<wav|folder...>', 'sounds, or folders of them'))
    .description(
      'pictures of sounds: brightness is the level, colour the instantaneous frequency (figures 3, 4 and 7 of the paper)',
    )
    .option('--width <pixels>', 'default: two for each frame, 480 at most', count)
    .option('--height <pixels>', 'of each picture', count, 192)
    .option('-o, --out <folder>', 'where the PNG files go (default: beside the sounds)');
  perform<RainbowgramOptions>(command, run);
  examples(command, [['gansynth rainbowgram notes', 'Of every WAV file in a folder']]);
}

/** The WAV files under a path, each with where it lies below that path. */
function soundsUnder(path: string): { file: string; below: string }[] {
  if (!statSync(path).isDirectory()) return [{ file: path, below: basename(path) }];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.wav$/i.test(name))
    .sort()
    .map((name) => ({ file: join(path, name), below: relative(path, join(path, name)) }));
}

async function run(context: Context, options: RainbowgramOptions, paths?: string | readonly string[]): Promise<Result> {
  const { readWav } = await import('../audio/read-wav.js');
  const { encodePng, rainbowgramOf } = await import('../pipeline/pictures.js');
  const { writeAtomically } = await import('../runs/atomic.js');
  const { InputError } = await import('../app/errors.js');
  const wanted = [paths ?? []].flat();
  const missing = wanted.find((path) => !existsSync(path));
  if (missing !== undefined) throw new InputError(`${missing}: expected a WAV file or a folder, found nothing there.`, missing);
  const sounds = wanted.flatMap((path) => soundsUnder(path));
  if (sounds.length === 0) throw new InputError(`${wanted.join(', ')}: expected WAV files, found none.`, wanted);
  await startBackend(context, options);
  const step = context.progress.start('drawing', sounds.length);
  const files: string[] = [];
  for (const { file, below } of sounds) {
    context.signal.throwIfAborted();
    const { samples, sampleRate } = readWav(file);
    const png = encodePng(await rainbowgramOf(samples, sampleRate, { width: options.width, height: options.height }));
    const to = join(
      options.out ?? dirname(file),
      `${(options.out === undefined ? basename(file) : below).replace(/\.wav$/i, '')}.png`,
    );
    writeAtomically(to, png);
    files.push(to);
    step.update(files.length, to);
  }
  step.finish(`${files.length} pictures`);
  return { data: { files }, text: files.join('\n') };
}
