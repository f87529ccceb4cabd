import { expect, it } from 'vitest';
import { examples } from './test-support/examples.js';

it.each(Object.entries(examples))('%s is a picture for a browser, and part of a page', async (_, make) => {
  const svg = make();
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(parsed.querySelector('parsererror')?.textContent).toBeUndefined();
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await image.decode();
  expect(image.naturalWidth).toBeGreaterThan(300);
  document.body.innerHTML = svg;
  const drawn = document.querySelector('svg')!;
  // Words do not leave the picture.
  const frame = drawn.getBoundingClientRect();
  for (const text of Array.from(drawn.querySelectorAll('text'))) {
    const { left, right } = text.getBoundingClientRect();
    expect(left, text.textContent ?? '').toBeGreaterThanOrEqual(frame.left - 1);
    expect(right, text.textContent ?? '').toBeLessThanOrEqual(frame.right + 1);
  }
});
