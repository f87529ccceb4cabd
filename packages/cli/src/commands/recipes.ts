import type { Command } from 'commander';
import { examples, perform } from '../app/command.js';
import { table } from '../app/table.js';
import { real } from '../app/numbers.js';

/** `gansynth recipes list|show|fields|validate|diff|cost|schema` */
export function recipes(program: Command): void {
  const group = program.command('recipes').description('experiments as files: list, show, check, compare them');
  list(group);
  show(group);
  fields(group);
  validate(group);
  diff(group);
  cost(group);
  schema(group);
}

function list(group: Command): void {
  const command = group.command('list').description('recipes that come with this package');
  perform(command, async () => {
    const { loadRecipe, shippedRecipes } = await import('../recipes/library.js');
    const { recipeId } = await import('../recipes/canonical.js');
    const found = shippedRecipes().map((name) => {
      const recipe = loadRecipe(name);
      return { name, run: recipeId(recipe), description: recipe.description ?? '' };
    });
    return { data: found, text: table(found.map(({ name, description }) => [name, description])) };
  });
  examples(command, [['gansynth recipes list', 'What there is to train']]);
}

function show(group: Command): void {
  const command = group
    .command('show')
    .argument('<recipe>', 'file or shipped name')
    .description('a recipe with every default filled in, and the id its run gets')
    .option('--source', 'as it was written, without the defaults');
  perform<{ source?: true }>(command, async ({ note }, { source }, name) => {
    const { findRecipe, loadRecipe, readJson } = await import('../recipes/library.js');
    const { recipeHash, recipeId } = await import('../recipes/canonical.js');
    const recipe = loadRecipe(name);
    const shown = source ? readJson(findRecipe(name)) : recipe;
    // Beside the result, so that the result can be a recipe file.
    note(`run id ${recipeId(recipe)}`);
    return { data: { run: recipeId(recipe), hash: recipeHash(recipe), recipe: shown }, text: JSON.stringify(shown, null, 2) };
  });
  examples(command, [
    ['gansynth recipes show paper/if-mel-h', "The paper's best row, in full"],
    ['gansynth recipes show paper/if-mel-h --source > mine.json', 'A recipe of your own to start from'],
  ]);
}

function fields(group: Command): void {
  const command = group
    .command('fields')
    .description('every field of a recipe: type, default, meaning')
    .argument('[part]', 'only fields beginning so');
  perform(command, async (_context, _options, part) => {
    const { documentFields, fieldNames, plainName } = await import('../recipes/fields.js');
    const { suggest } = await import('@gansynth/common/suggest');
    const { UsageError } = await import('../app/errors.js');
    const all = documentFields();
    const found = all.filter(({ name }) => part === undefined || name.startsWith(part) || plainName(name).startsWith(part));
    if (found.length === 0) {
      const meant = suggest(part ?? '', fieldNames());
      throw new UsageError(
        `${part}: expected the beginning of a field's name, found no such field.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
        part,
      );
    }
    const rows = found.map(({ name, type, default: fallback, description }) => [
      name,
      fallback === undefined ? '' : JSON.stringify(fallback),
      `${description} [${type}]`,
    ]);
    return { data: found, text: table([['field', 'default', 'meaning'], ...rows]) };
  });
  examples(command, [['gansynth recipes fields training', 'What can be said about training']]);
}

function validate(group: Command): void {
  const command = group
    .command('validate')
    .argument('<recipe...>', 'files or shipped names')
    .description('check recipes; every problem is named');
  perform(command, async (_context, _options, names) => {
    const { loadRecipe } = await import('../recipes/library.js');
    const { recipeId } = await import('../recipes/canonical.js');
    const found = (names as unknown as string[]).map((name) => ({ recipe: name, run: recipeId(loadRecipe(name)) }));
    return { data: found, text: found.map(({ recipe, run }) => `${recipe}: valid, run id ${run}`).join('\n') };
  });
  examples(command, [['gansynth recipes validate mine.json', 'Before a long run']]);
}

function diff(group: Command): void {
  const command = group
    .command('diff')
    .argument('<a>', 'file or shipped name')
    .argument('<b>', 'file or shipped name')
    .description('fields in which two recipes differ, defaults included');
  perform(command, async (_context, _options, a, b) => {
    const { loadRecipe } = await import('../recipes/library.js');
    const { differences } = await import('../recipes/diff.js');
    const found = differences(loadRecipe(a), loadRecipe(b));
    const rows = found.map((one) => [one.field, JSON.stringify(one.a) ?? '-', JSON.stringify(one.b) ?? '-']);
    return { data: found, text: found.length === 0 ? 'no difference' : table([['field', a, b], ...rows]) };
  });
  examples(command, [['gansynth recipes diff paper/if-mel-h paper/if-h', 'What one row changes']]);
}

const big = (value: number): string => value.toExponential(2).replace('e+', 'e');

function cost(group: Command): void {
  const command = group
    .command('cost')
    .argument('<recipe>', 'file or shipped name')
    .description('what a recipe costs to train, by arithmetic: parameters, and operations for each stage')
    .option('--gigaflops <n>', 'speed of your machine (gansynth doctor measures it): adds hours', real({ above: 0 }));
  perform<{ gigaflops?: number }>(command, async (_context, { gigaflops }, name) => {
    const { loadRecipe } = await import('../recipes/library.js');
    const { costOf } = await import('../recipes/cost.js');
    const found = await costOf(loadRecipe(name));
    const hours = gigaflops === undefined ? undefined : found.flop / gigaflops / 1e9 / 3600;
    const networks = Object.keys(found.parameters);
    const rows = found.stages.map(({ stage, size, examples, multiplyAdds, flop }) => [
      stage,
      size,
      examples,
      ...networks.map((network) => big(multiplyAdds[network] ?? 0)),
      big(flop),
    ]);
    const parameters = Object.entries(found.parameters).map(([network, count]) => `${network} ${count.toLocaleString('en')}`);
    const text = [
      `parameters: ${parameters.join(', ')}`,
      table([['stage', 'size', found.unit, ...networks.map((network) => `${network} mul-adds`), 'FLOP'], ...rows]),
      `total: ${big(found.flop)} FLOP${hours === undefined ? '' : `; at ${gigaflops} GFLOP/s, if only arithmetic counted, ${hours.toPrecision(3)} hours`}`,
    ].join('\n\n');
    return { data: { ...found, ...(hours === undefined ? {} : { hours }) }, text };
  });
  examples(command, [['gansynth recipes cost mini/if-mel --gigaflops 55', 'How long on two cores, at least']]);
}

function schema(group: Command): void {
  const command = group
    .command('schema')
    .description('the JSON Schema of a recipe, for editors that complete and check as you type');
  perform(command, async () => {
    const { z } = await import('zod');
    const { recipeSchema } = await import('../recipes/schema.js');
    const found = z.toJSONSchema(recipeSchema, { io: 'input' });
    return { data: found, text: JSON.stringify(found, null, 2) };
  });
  examples(command, [
    ['gansynth recipes schema > recipe.schema.json', 'Then begin a recipe with "$schema": "./recipe.schema.json"'],
  ]);
}
