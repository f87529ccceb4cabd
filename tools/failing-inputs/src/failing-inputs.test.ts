import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Bench, type Row } from './row.js';

const given = process.env['FAILING_INPUTS'];
const temporary = mkdtempSync(join(tmpdir(), 'failing-inputs-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }));

const names = readdirSync(new URL('rows/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .sort();

/** Every row: those of a folder that is given, or those made here. */
describe(given ? `inputs of ${given}` : 'inputs made here', async () => {
  for (const name of names) {
    const { row } = (await import(`./rows/${name}.ts`)) as { row: Row };
    it(`${name}: ${row.about}`, async (context) => {
      const [inputs, folder] = [join(temporary, name, 'inputs'), join(temporary, name, 'work')];
      for (const made of [inputs, folder]) mkdirSync(made, { recursive: true });
      if (!given) await row.make(inputs);
      else if (existsSync(join(given, name))) cpSync(join(given, name), inputs, { recursive: true, preserveTimestamps: true });
      else return context.skip(`no ${name} in ${given}`);
      expect(readdirSync(inputs), 'the row has inputs').not.toEqual([]);
      await row.check(new Bench(inputs, folder));
    });
  }
});
