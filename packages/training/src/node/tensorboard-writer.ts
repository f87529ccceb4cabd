import type { OptionNames } from '@gansynth/common/check-options';
import { checkOptions } from '../check-options.js';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { RunEvent, RunEventWriter } from '../run-event.js';
import { openAppendFile } from './append-file.js';
import { encodeAudio, encodePng } from './media.js';
import { encodeRecord } from './record-file.js';
import { encodeEvent, type SummaryValue, type TensorboardEvent } from './tensorboard-event.js';

const stringType = 7; // DT_STRING
const sessionStart = 1;
let files = 0;

const now = (): number => Date.now() / 1000;

export interface TensorboardWriterOptions {
  /** The step a resumed run goes on from: TensorBoard then forgets what earlier files of the run say about this step and later ones. */
  readonly resumeFrom?: number;
}

/** Their names, each once. */
export const tensorboardWriterOptionNames: OptionNames<TensorboardWriterOptions> = { resumeFrom: true };

/**
 * Writes a run's events to an event file that TensorBoard reads: `tensorboard --logdir <directory>`. Scalars, images, sounds and texts
 * are shown under their names.
 *
 * Every writer makes a file of its own, so a run may be continued any number of times.
 */
export function tensorboardWriter(directory: string, options: TensorboardWriterOptions = {}): RunEventWriter {
  checkOptions('tensorboardWriter', options, tensorboardWriterOptionNames);
  const { resumeFrom } = options;
  const serial = `${String(Math.floor(now())).padStart(10, '0')}.${hostname()}.${process.pid}.${files++}`;
  const file = openAppendFile(join(directory, `events.out.tfevents.${serial}`));
  const append = (event: Omit<TensorboardEvent, 'wallTime'>): void =>
    file.write(encodeRecord(encodeEvent({ wallTime: now(), ...event })));
  append({ fileVersion: 'brain.Event:2' });
  if (resumeFrom !== undefined) append({ step: resumeFrom, sessionLog: { status: sessionStart } });
  return {
    write: (event) => append({ step: event.step, summary: { value: summaryOf(event) } }),
    close: file.close,
  };
}

function summaryOf(event: RunEvent): SummaryValue[] {
  switch (event.type) {
    case 'scalars':
      return Object.entries(event.values).map(([tag, simpleValue]) => ({ tag, simpleValue }));
    case 'image': {
      const { name, width, height, channels } = event;
      return [{ tag: name, image: { width, height, colorspace: channels, encoded: encodePng(event) } }];
    }
    case 'audio': {
      const { name, sampleRate, samples } = event;
      const audio = { sampleRate, channels: 1, frames: samples.length, encoded: encodeAudio(event), contentType: 'audio/wav' };
      return [{ tag: name, audio }];
    }
    case 'text': {
      const tensor = { dtype: stringType, shape: {}, stringValues: [Buffer.from(event.text)] };
      return [{ tag: event.name, tensor, metadata: { plugin: { name: 'text' } } }];
    }
  }
}
