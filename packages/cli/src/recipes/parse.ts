import type { z } from 'zod';
import { InputError } from '../app/errors.js';
import { fieldAt, keysAt } from './fields.js';
import type { Recipe } from './recipe.js';
import { recipeSchema } from './schema.js';
import { suggest } from '@gansynth/common/suggest';

/** One thing wrong with a recipe. */
export interface RecipeProblem {
  /** `training.batchSize` */
  readonly field: string;
  readonly message: string;
}

/** A recipe that cannot be used; `problems` has all of what is wrong with it. */
export class RecipeError extends InputError {
  constructor(
    /** File or name of the recipe. */
    readonly source: string,
    readonly problems: readonly RecipeProblem[],
  ) {
    super(problems.map(({ field, message }) => `${source}: ${field === '' ? '' : `${field}: `}${message}`).join('\n'), problems);
  }
}

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as never)[key] : undefined), value);

function problemsOf(issue: z.core.$ZodIssue, input: unknown): RecipeProblem[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(recipeSchema, issue.path, input);
    return issue.keys.map((key) => {
      const meant = suggest(key, known);
      const cure = meant === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
      return { field: [...issue.path, key].join('.'), message: `no such field. ${cure}` };
    });
  }
  const found = valueAt(input, issue.path);
  const about = fieldAt(recipeSchema, issue.path, input)?.description;
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : undefined;
  const meant = choices && typeof found === 'string' ? suggest(found, choices) : undefined;
  const parts = [
    found === undefined ? 'missing.' : `found ${show(found)}.`,
    choices ? `Expected one of ${choices.join(', ')}.` : `${issue.message.replace(/^Invalid input: e/, 'E')}.`,
    ...(meant === undefined ? [] : [`Did you mean "${meant}"?`]),
    ...(about === undefined ? [] : [`(${about})`]),
  ];
  return [{ field, message: parts.join(' ') }];
}

/** What no single field can say. */
function contradictions(recipe: Recipe): RecipeProblem[] {
  const { representation, model, data, normaliser } = recipe;
  const problems: RecipeProblem[] = [];
  const say = (field: string, message: string): void => void problems.push({ field, message });
  if (model.family === 'progressive-gan') {
    const factor = model.scaleBase ** (model.blocks - 1);
    const made = [model.start[0] * factor, model.start[1] * (model.scaleMode === 'both' ? factor : 1)];
    const wanted =
      representation.kind === 'waveform'
        ? [2 ** Math.ceil(Math.log2(data.samples)), 1]
        : [representation.frames, representation.bins];
    if (Array.isArray(model.filters) && model.filters.length < model.blocks + 1) {
      say(
        'model.filters',
        `found ${model.filters.length} widths: ${model.blocks} blocks need ${model.blocks + 1}, the first for the critic's last vector. ` +
          'Give one for each, or { base, decay, max }.',
      );
    }
    if (made[0] !== wanted[0] || made[1] !== wanted[1]) {
      say(
        'model.start',
        `found ${show(model.start)}: ${model.blocks} blocks make ${made.join(' x ')}, the representation has ${wanted.join(' x ')}. ` +
          `Change start, blocks, or the representation's size.`,
      );
    }
    const instruments = model.instruments?.length ?? 0;
    if (instruments > model.latentSize) {
      say('model.latentSize', `found ${model.latentSize}: the ${instruments} instruments each need one of its values. Raise it.`);
    }
  } else if (representation.kind !== 'waveform') {
    say('representation.kind', `found "${representation.kind}": wavegan makes samples. Expected "waveform".`);
  } else if (2 ** Math.ceil(Math.log2(data.samples)) !== model.samples) {
    say(
      'model.samples',
      `found ${model.samples}: notes of ${data.samples} samples are padded to ${2 ** Math.ceil(Math.log2(data.samples))}. Change data.samples or this.`,
    );
  }
  if (representation.kind !== 'waveform') checkCoverage(representation, data.samples, say);
  if (representation.kind === 'if-mel-harmonic') {
    const { frames, bins, fullFrames, fullBins } = representation;
    if (fullFrames % frames !== 0) say('representation.frames', `found ${frames}: it does not divide fullFrames, ${fullFrames}.`);
    if (fullBins % bins !== 0) say('representation.bins', `found ${bins}: it does not divide fullBins, ${fullBins}.`);
  } else if (model.family === 'progressive-gan' && model.harmonics !== undefined) {
    say(
      'model.harmonics',
      `found them with "${representation.kind}". Expected representation.kind "if-mel-harmonic", or no harmonics.`,
    );
  }
  if (normaliser.kind === 'gansynth' && representation.kind !== 'if-mel') {
    say(
      'normaliser.kind',
      `found "gansynth": its constants fit if-mel only. Expected "${representation.kind === 'waveform' ? 'none' : 'measured'}".`,
    );
  }
  if (model.family === 'progressive-gan' && recipe.training.criticSteps !== 1) {
    say(
      'training.criticSteps',
      `found ${recipe.training.criticSteps}: a progressive GAN updates both networks once a step. Expected 1.`,
    );
  }
  if (model.family !== 'progressive-gan' && recipe.training.l1 !== undefined) {
    say('training.l1', `found ${recipe.training.l1}: wavegan has no such term. Leave it out.`);
  }
  if (recipe.training.microBatch !== undefined) {
    const sizes = [recipe.training.batchSize].flat();
    const bad = sizes.find((batch) => batch % (recipe.training.microBatch as number) !== 0);
    if (bad !== undefined)
      say('training.microBatch', `found ${recipe.training.microBatch}: it does not divide a batch of ${bad}.`);
  }
  return problems;
}

function checkCoverage(
  image: Exclude<Recipe['representation'], { kind: 'waveform' }>,
  samples: number,
  say: (field: string, message: string) => void,
): void {
  const harmonic = image.kind === 'if-mel-harmonic';
  const [frames, bins] = harmonic ? [image.fullFrames, image.fullBins] : [image.frames, image.bins];
  const fft = 2 * bins;
  const covered = Math.trunc(fft * (1 - (harmonic ? 0.75 : image.overlap))) * (frames - 1) + fft;
  if (covered >= samples) return;
  say(
    harmonic ? 'representation.fullFrames' : 'representation.frames',
    `found ${frames}: ${frames} frames of ${fft} samples cover ${covered}, a note has ${samples}. ` +
      'Raise frames or bins, or lower data.samples.',
  );
}

/**
 * Checks a recipe and fills in what it leaves out.
 *
 * @param input parsed JSON
 * @param source what to call it in messages: its file
 * @throws RecipeError with every problem, each with its field and, for a typo, the field that was meant
 */
export function parseRecipe(input: unknown, source = 'recipe'): Recipe {
  const parsed = recipeSchema.safeParse(input);
  if (!parsed.success)
    throw new RecipeError(
      source,
      parsed.error.issues.flatMap((issue) => problemsOf(issue, input)),
    );
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new RecipeError(source, problems);
  return parsed.data;
}
