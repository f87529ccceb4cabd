import { breathe } from '@gansynth/common/breathe';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Picture } from '@gansynth/spectral';
import type { Command } from 'commander';
import { examples, perform, type Context, type Result } from '../app/command.js';
import { integer } from '../app/numbers.js';
import { soundFile } from '../audio/sound-file.js';
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
    program
      .command('rainbowgram')
      .argument('<sound|folder...>', 'sounds: WAV, AIFF, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), or folders of them'),
  )
    .description(
      'pictures of sounds: brightness is the level, colour the instantaneous frequency (figures 3, 4 and 7 of the paper)',
    )
    .option('--width <pixels>', 'default: two for each frame, 480 at most', integer({ from: 1, to: 16_384 }))
    .option('--height <pixels>', 'of each picture', integer({ from: 1, to: 4096 }), 192)
    .option('-o, --out <folder>', 'where the PNG files go (default: beside the sounds)')
    .option('--sheet <file>', 'all on one PNG file instead, in rows')
    .option('--columns <n>', 'pictures in a row of the sheet', integer({ from: 1, to: 1000 }), 5);
  perform<RainbowgramOptions>(command, run);
  examples(command, [
    ['gansynth rainbowgram notes', 'Of every sound in a folder'],
    ['gansynth rainbowgram notes --sheet notes.png --columns 8', 'All of them on one picture'],
  ]);
}

interface FoundSound {
  readonly file: string;
  /** Where it lies below the path that was given. */
  readonly below: string;
  /** True if the file itself was given. */
  readonly isNamed: boolean;
}

const isHidden = (path: string): boolean => path.split(/[/\\]/).some((part) => part.startsWith('.'));

/** The sound files under a path; hidden ones, such as macOS leaves beside others (`._a.wav`), are none. */
function soundsUnder(path: string): FoundSound[] {
  if (!statSync(path).isDirectory()) return [{ file: path, below: basename(path), isNamed: true }];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => soundFile.test(name) && !isHidden(name))
    .sort()
    .map((name) => ({ file: join(path, name), below: relative(path, join(path, name)), isNamed: false }));
}

/** Positions of the pictures whose name another one has too, whatever the case of their letters. */
function shared(names: readonly string[]): ReadonlySet<number> {
  const first = new Map<string, number>();
  const found = new Set<number>();
  for (const [index, name] of names.entries()) {
    const before = first.get(name.toLowerCase());
    if (before === undefined) first.set(name.toLowerCase(), index);
    else for (const position of [before, index]) found.add(position);
  }
  return found;
}

/** A picture's file for each sound: the sound's name, with its ending kept where two sounds would share a picture. */
async function pictureFiles(sounds: readonly FoundSound[], out: string | undefined): Promise<string[]> {
  const place = ({ file, below }: FoundSound): string => (out === undefined ? file : join(out, below));
  const short = sounds.map((sound) => `${place(sound).replace(soundFile, '')}.png`);
  const doubled = shared(short);
  const files = sounds.map((sound, index) => (doubled.has(index) ? `${place(sound)}.png` : (short[index] ?? '')));
  const [clash] = shared(files);
  if (clash === undefined) return files;
  const { UsageError } = await import('../app/errors.js');
  const sources = sounds.filter((_, index) => files[index]?.toLowerCase() === files[clash]?.toLowerCase());
  throw new UsageError(
    `Expected a picture for each sound, found ${sources.map(({ file }) => file).join(' and ')}, both to be ${files[clash]}. Draw them into different folders with --out.`,
  );
}

async function run(context: Context, options: RainbowgramOptions, paths?: string | readonly string[]): Promise<Result> {
  const { BadFileError, readSound } = await import('@gansynth/nsynth-data');
  const { encodePng } = await import('@gansynth/figures');
  const { rainbowgramOf } = await import('../pipeline/pictures.js');
  const { sheetOf } = await import('../pipeline/sheet.js');
  const { replaceFile } = await import('@gansynth/common/node');
  const { InputError } = await import('../app/errors.js');
  const wanted = [...new Set([paths ?? []].flat())];
  const missing = wanted.find((path) => !existsSync(path));
  if (missing !== undefined) throw new InputError(`${missing}: expected a sound file or a folder, found nothing there.`, missing);
  const sounds = wanted.flatMap((path) => soundsUnder(path));
  if (sounds.length === 0) throw new InputError(`${wanted.join(', ')}: expected sound files, found none.`, wanted);
  const targets = options.sheet === undefined ? await pictureFiles(sounds, options.out) : [];
  await startBackend(context, options);
  const step = context.progress.start('drawing', sounds.length);
  const files: string[] = [];
  const pictures: Picture[] = [];
  const refused: { readonly file: string; readonly reason: string; readonly isNamed: boolean }[] = [];
  for (const [index, { file, isNamed }] of sounds.entries()) {
    await breathe(context.signal);
    try {
      const { samples, sampleRate } = await readSound(file);
      const picture = await rainbowgramOf(samples, sampleRate, { width: options.width, height: options.height });
      const target = targets[index];
      if (target === undefined) pictures.push(picture);
      else {
        await replaceFile(target, encodePng(picture));
        files.push(target);
        context.keeps(`${files.length} of ${sounds.length} pictures are drawn.`);
      }
    } catch (error) {
      if (!BadFileError.isInstance(error)) throw error;
      refused.push({ file, reason: error.reason, isNamed });
    }
    step.update(index + 1, file);
  }
  if (options.sheet !== undefined && pictures.length > 0) {
    await replaceFile(options.sheet, encodePng(sheetOf(pictures, options.columns)));
    files.push(options.sheet);
  }
  step.finish(`${sounds.length - refused.length} pictures`);
  const reasons = refused.map(({ file, reason }) => `${file}: ${reason}`);
  // One bad file of a folder does not matter as one does that was asked for by name.
  if (files.length === 0 || refused.some(({ isNamed }) => isNamed))
    throw new InputError([...reasons, ...(files.length > 0 ? ['The others are drawn.'] : [])].join('\n'), refused);
  const said = reasons.length === 0 ? [] : [`${reasons.length} not read:`, ...reasons.map((reason) => `  ${reason}`)];
  return {
    data: { files, refused: refused.map(({ file, reason }) => ({ file, reason })) },
    text: [...files, ...said].join('\n'),
  };
}
