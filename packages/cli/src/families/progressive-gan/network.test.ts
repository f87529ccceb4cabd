import { expect, it } from 'vitest';
import { loadRecipe } from '../../recipes/library.js';
import { progressiveGan } from './index.js';
import { networkOf } from './network.js';

it('a network knows how hard notes are struck by the attribute whose levels rise, and by no other', () => {
  const recipe = loadRecipe('mini/notes');
  if (!progressiveGan.owns(recipe)) throw new Error(`expected a progressive GAN, found ${recipe.model.family}`);
  const { crossed: _crossed, ...model } = recipe.model;
  const attributesOf = (attributes: NonNullable<typeof model.attributes>) =>
    networkOf({ ...recipe, model: { ...model, attributes } }, null).attributes;

  // Collections reach into each other.
  expect(networkOf(recipe, null).attributes).toEqual([
    { name: 'velocity', levels: 3, velocities: [35, 75, 115] },
    { name: 'collection', levels: 2 },
  ]);
  const [velocity, collection] = recipe.model.attributes!;
  expect(attributesOf([collection!, velocity!])?.map(({ velocities }) => velocities)).toEqual([undefined, [35, 75, 115]]);
  expect(attributesOf([{ name: 'softness', velocities: [[90], [30]] }])).toEqual([{ name: 'softness', levels: 2 }]);
});
