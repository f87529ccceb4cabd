import { checkOptions } from '../check-options.js';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { Samples } from '../note/audio.js';
import { MetricsError, ShapeError, ValueError } from '../errors.js';
import { classifierInputs, inputShape } from './input.js';
import { buildClassifierNetwork } from './network.js';
import { checkClassifierSettings, type ClassifierSettings } from './settings.js';

/** What the network says of a batch. The caller frees both. */
export interface Classification {
  /** [notes, pitches], class 0 is `settings.lowestPitch`; the other heads are left out. */
  readonly logits: tf.Tensor2D;
  /** Feature layer, [notes, width]: what Fréchet and kernel distance compare. */
  readonly features: tf.Tensor2D;
}

/** A pitch classifier: network, and how audio is made into its input. */
export interface PitchClassifier {
  readonly settings: ClassifierSettings;
  readonly model: tfl.LayersModel;
  /** Notes at `settings.input.sampleRate`. */
  classify(notes: readonly Samples[]): Classification;
  /** Inputs from `classifierInputs`. */
  classifyInputs(inputs: tf.Tensor4D): Classification;
  /** SHA-256 of settings and weights, hexadecimal: names this very classifier. */
  hash(): Promise<string>;
  /** Saves a LayersModel whose `userDefinedMetadata.gansynth` has the settings and what `more` adds (held-out accuracy, licence of the notes). */
  save(target: tf.io.IOHandler | string, more?: Readonly<Record<string, unknown>>): Promise<void>;
  dispose(): void;
}

const METADATA_KIND = 'pitch-classifier';
const METADATA_VERSION = 1;

/** A classifier with fresh weights, to be trained by `trainPitchClassifier`. */
export function createPitchClassifier(settings: ClassifierSettings, options: { readonly seed?: number } = {}): PitchClassifier {
  checkOptions('createPitchClassifier', options, { seed: true });
  return classifierFrom(settings, buildClassifierNetwork(settings, options.seed ?? 0));
}

/**
 * Opens a classifier saved by `save`.
 *
 * @param source an IOHandler, or a URL of `model.json` where the platform can fetch
 * @throws ValueError if it is a model of something else
 */
export async function loadPitchClassifier(source: tf.io.IOHandler | string): Promise<PitchClassifier> {
  const model = await tfl.loadLayersModel(source);
  const metadata = model.getUserDefinedMetadata() as
    | { gansynth?: { kind?: string; version?: number; settings?: ClassifierSettings } }
    | undefined;
  const saved = metadata?.gansynth;
  if (saved?.kind !== METADATA_KIND || saved.version !== METADATA_VERSION || !saved.settings) {
    model.dispose();
    throw new ValueError(
      `loadPitchClassifier: expected userDefinedMetadata.gansynth of kind ${METADATA_KIND}, version ${METADATA_VERSION}, found ${saved ? `${saved.kind}, version ${saved.version}` : 'none'}. Give a model that PitchClassifier.save has written.`,
      saved,
    );
  }
  checkClassifierSettings(saved.settings);
  return classifierFrom(saved.settings, model);
}

function classifierFrom(settings: ClassifierSettings, model: tfl.LayersModel): PitchClassifier {
  const [bins, columns] = inputShape(settings.input);
  let disposed = false;
  const classifyInputs = (inputs: tf.Tensor4D): Classification => {
    if (disposed) throw new MetricsError('PitchClassifier: expected a classifier in use, found one after dispose.');
    if (inputs.shape[1] !== bins || inputs.shape[2] !== columns || inputs.shape[3] !== 1) {
      throw new ShapeError(
        `PitchClassifier: expected inputs [notes, ${bins}, ${columns}, 1], found [${inputs.shape.join(', ')}]. Make them by classifierInputs with this classifier's settings.input.`,
        inputs.shape,
      );
    }
    const [logits, features] = tf.tidy(() => {
      const [all, layer] = model.apply(inputs, { training: false }) as [tf.Tensor2D, tf.Tensor2D];
      return [tf.slice2d(all, [0, 0], [-1, settings.outputs.pitches]), layer];
    }) as [tf.Tensor2D, tf.Tensor2D];
    return { logits, features };
  };
  return {
    settings,
    model,
    classifyInputs,
    classify(notes) {
      const inputs = classifierInputs(notes, settings.input);
      try {
        return classifyInputs(inputs);
      } finally {
        inputs.dispose();
      }
    },
    async hash() {
      const parts: Uint8Array[] = [new TextEncoder().encode(JSON.stringify(settings))];
      for (const weight of model.getWeights()) parts.push(new Uint8Array(Float32Array.from(await weight.data()).buffer));
      const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
      return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    async save(target, more = {}) {
      model.setUserDefinedMetadata({ gansynth: { ...more, kind: METADATA_KIND, version: METADATA_VERSION, settings } });
      await model.save(target);
    },
    dispose() {
      if (!disposed) model.dispose();
      disposed = true;
    },
  };
}
