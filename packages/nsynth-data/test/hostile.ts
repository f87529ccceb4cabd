import { expect } from 'vitest';
import { NSynthDataError } from '../src/errors.js';
import type { NoteLabels } from '../src/notes/note.js';

/** Samples that can be played. */
export function expectSound(audio: Float32Array): void {
  expect(audio.length).toBeGreaterThan(0);
  for (const value of audio) if (!(Math.abs(value) <= 16)) expect.fail(`a sample of ${value}`);
}

/** Labels of a note as it may be. */
export function expectLabels(labels: NoteLabels): void {
  const { id, pitch, velocity, samples, sampleRate, metadata } = labels;
  const isSound =
    /^[^/\\]{1,200}$/.test(id) &&
    [pitch, velocity].every((value) => Number.isInteger(value) && value >= 0 && value <= 127) &&
    Number.isInteger(samples) &&
    samples > 0 &&
    sampleRate === 16000 &&
    metadata.qualities.every((flag) => flag === 0 || flag === 1);
  if (!isSound) expect.fail(`labels ${JSON.stringify(labels)}`);
}

/** An error a user can act upon: ours, naming what was expected and what was found. */
export function expectClear(error: unknown, file: string): void {
  if (
    !NSynthDataError.isInstance(error) ||
    !/^nsynth-data: .*expected .*found/s.test(error.message) ||
    !error.message.includes(file)
  )
    expect.fail(`not a clear error: ${String(error instanceof Error ? error.stack : error)}`);
}
