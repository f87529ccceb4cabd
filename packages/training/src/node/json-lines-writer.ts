import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunEvent, RunEventWriter } from '../run-event.js';
import { openJsonLines } from './json-lines.js';
import { encodeAudio, encodePng } from './media.js';

/**
 * Writes a run's events to a file of JSON lines: one object a line, with the event's fields and `time` (ISO 8601). Numbers that JSON
 * lacks are the strings `NaN`, `Infinity` and `-Infinity`. Images and sounds become PNG and WAV files in a folder `media` beside it, and
 * the line has their path relative to the file.
 *
 * An existing file is continued; a line that a killed process left unfinished is cut off first.
 *
 * @param path for example `run/log.jsonl`
 */
export function jsonLinesWriter(path: string): RunEventWriter {
  const file = openJsonLines(path);
  const media = join(dirname(path), 'media');

  const saveMedia = ({ name, step }: { name: string; step: number }, extension: string, bytes: Uint8Array): string => {
    mkdirSync(media, { recursive: true });
    const fileName = `${name.replaceAll(/[^\w.-]+/g, '_')}-${step}.${extension}`;
    writeFileSync(join(media, `.${fileName}.tmp`), bytes);
    renameSync(join(media, `.${fileName}.tmp`), join(media, fileName));
    return `media/${fileName}`;
  };
  const plain = (event: RunEvent): object => {
    switch (event.type) {
      case 'image': {
        const { type, step, name, width, height, channels } = event;
        return { type, step, name, width, height, channels, file: saveMedia(event, 'png', encodePng(event)) };
      }
      case 'audio': {
        const { type, step, name, sampleRate } = event;
        return {
          type,
          step,
          name,
          sampleRate,
          seconds: event.samples.length / sampleRate,
          file: saveMedia(event, 'wav', encodeAudio(event)),
        };
      }
      default:
        return event;
    }
  };
  return {
    write: (event) => file.write({ time: new Date().toISOString(), ...plain(event) }),
    close: file.close,
  };
}
