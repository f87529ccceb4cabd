import type { RepresentationJSON } from '@gansynth/spectral/options';
import { show, type Say } from '../family.js';
import { checkImages } from '../gan/check-images.js';
import { checkMicroBatch } from '../micro-batch.js';
import type { ProgressiveGanRecipe } from './recipe.js';

/** Says what no single field of a recipe can say. */
export function contradictions(recipe: ProgressiveGanRecipe, say: Say): void {
  const image = checkImages(recipe, say);
  if (image !== undefined) checkSize(recipe, image, say);
  checkModel(recipe, say);
}

/** Size of the finished image, as the representation makes it and as the network does. */
function checkSize(
  { model: { start, blocks, scaleBase, scaleMode } }: ProgressiveGanRecipe,
  { frames, bins }: Pick<RepresentationJSON, 'frames' | 'bins'>,
  say: Say,
): void {
  const factor = scaleBase ** (blocks - 1);
  const made = [start[0] * factor, start[1] * (scaleMode === 'both' ? factor : 1)];
  const wanted = [frames, bins];
  if (made[0] === wanted[0] && made[1] === wanted[1]) return;
  say(
    'model.start',
    `found ${show(start)}: ${blocks} blocks make ${made.join(' x ')}, the representation has ${wanted.join(' x ')}. ` +
      `Change start, blocks, or the representation's size.`,
  );
}

function checkModel(
  {
    model: { filters, blocks, harmonics, instruments, attributes = [], crossed, dense, latentSize },
    representation,
    training: how,
  }: ProgressiveGanRecipe,
  say: Say,
): void {
  if (Array.isArray(filters) && filters.length < blocks + 1) {
    say(
      'model.filters',
      `found ${filters.length} widths: ${blocks} blocks need ${blocks + 1}, the first for the critic's last vector. ` +
        'Give one for each, or { base, decay, max }.',
    );
  }
  const told = (instruments?.length ?? 0) + attributes.length;
  if (told > latentSize) {
    say('model.latentSize', `found ${latentSize}: the ${told} instruments and attributes each need one of its values. Raise it.`);
  }
  for (const [index, { name, velocities }] of attributes.entries()) {
    const seen = velocities.flat();
    const twice = seen.find((velocity, at) => seen.indexOf(velocity) !== at);
    if (twice !== undefined)
      say(`model.attributes[${index}].velocities`, `found ${twice} twice in "${name}": a note has one level.`);
    if (attributes.findIndex((other) => other.name === name) !== index) {
      say(`model.attributes[${index}].name`, `found "${name}" twice. Give each a name of its own.`);
    }
  }
  const unknown = crossed?.attributes.find((name) => attributes.every((attribute) => attribute.name !== name));
  if (unknown !== undefined) {
    const known = attributes.map(({ name }) => name).join(', ') || 'none';
    say('model.crossed.attributes', `found "${unknown}". Expected names of model.attributes: ${known}.`);
  }
  if (dense !== undefined && blocks !== 1) {
    say('model.dense', `found with ${blocks} blocks. Set blocks 1 and start to the size of the image, or leave dense out.`);
  }
  if ((how.instrumentLead ?? 0) > 0 && instruments === undefined) {
    say('training.instrumentLead', `found ${how.instrumentLead} without model.instruments. Name them, or leave this out.`);
  }
  if (harmonics !== undefined && representation.kind !== 'if-mel-harmonic') {
    say(
      'model.harmonics',
      `found them with "${representation.kind}". Expected representation.kind "if-mel-harmonic", or no harmonics.`,
    );
  }
  if ((how.adversarialAfter ?? 0) > 0 && !((how.l1 ?? 0) > 0)) {
    say(
      'training.adversarialAfter',
      `found ${how.adversarialAfter}: until the critic comes in there is nothing to learn from but training.l1. Set it, or leave this out.`,
    );
  }
  checkMicroBatch(how, say);
}
