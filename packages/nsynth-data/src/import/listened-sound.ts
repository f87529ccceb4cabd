import type { SidecarLabels } from './sidecar.js';

/** What was found in a sound when it was listened to, and no other sound changes. JSON. */
export interface ListenedSound {
  /** Path in the folder. */
  readonly file: string;
  readonly labels: SidecarLabels;
  readonly rootKey?: number;
  /** Certain or not. */
  readonly sounding?: { readonly pitch: number; readonly confidence: number };
  /** As it was, from 0 to 1. */
  readonly peak: number;
  /** In words, what was changed. */
  readonly done: readonly string[];
}

/** Whether JSON that a share has kept is one. */
export const isListenedSound = (value: unknown): value is ListenedSound =>
  typeof value === 'object' &&
  value !== null &&
  'file' in value &&
  typeof value.file === 'string' &&
  'labels' in value &&
  typeof value.labels === 'object' &&
  'peak' in value &&
  typeof value.peak === 'number' &&
  'done' in value &&
  Array.isArray(value.done);
