import { expect, it } from 'vitest';
import { browserCache, httpFiles, readModel } from '../index.js';
import { tinyFiles } from '../test-support/tiny-model.js';

it('a page fetches a model’s weights once, and keeps them in CacheStorage', async () => {
  const files = await tinyFiles();
  const requests: string[] = [];
  // The page's own server has no model; what is tested is the cache.
  const fetch: typeof globalThis.fetch = async (url) => {
    const name = String(url).split('/').at(-1) ?? '';
    requests.push(name);
    return new Response(files[name]?.slice().buffer ?? null, { status: files[name] ? 200 : 404 });
  };
  const name = `test-${Date.now()}`;
  for (let time = 0; time < 2; time++) {
    const { weights } = await readModel(httpFiles('models/tiny', { fetch, cache: browserCache(name) }));
    expect(weights['w']?.data[0]).toBe(1);
  }
  expect(requests).toEqual(['gansynth.json', 'group1-shard1of1.bin', 'gansynth.json']);
  await caches.delete(name);
});
