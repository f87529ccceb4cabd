import { describe, expect, it } from 'vitest';
import { recipeId } from './canonical.js';
import { loadRecipe, shippedRecipes } from './library.js';

/** A run that was begun goes on under its id: an id that changes makes a new run of a training that somebody has paid for. */
const ids: Readonly<Record<string, string>> = {
  'mini-paper/harmonic': 'harmonic-68535e07',
  'mini-paper/if': 'if-7abb70cc',
  'mini-paper/if-h': 'if-h-c5ddbc1b',
  'mini-paper/if-mel': 'if-mel-662cac2c',
  'mini-paper/if-mel-h': 'if-mel-h-de00dd68',
  'mini-paper/if-mel-h-l1': 'if-mel-h-l1-25d8f449',
  'mini-paper/nsynth-autoencoder': 'nsynth-autoencoder-db7d77c9',
  'mini-paper/phase': 'phase-639dd1e5',
  'mini-paper/phase-h': 'phase-h-88974d3c',
  'mini-paper/waveform-gan': 'waveform-gan-6e2f26d6',
  'mini-paper/waveform-gan-progressive': 'waveform-gan-progressive-ef8678e5',
  'mini-paper/wavegan': 'wavegan-7750fc98',
  'mini-paper/wavenet-16bit': 'wavenet-16bit-cedfa9eb',
  'mini-paper/wavenet-8bit': 'wavenet-8bit-74abd778',
  'mini/demo': 'demo-01f9e436',
  'mini/harmonic': 'harmonic-f9c591b6',
  'mini/if': 'if-6bb43b3b',
  'mini/if-mel': 'if-mel-e8cb9ece',
  'mini/instruments': 'instruments-700871bd',
  'mini/notes': 'notes-31a51ce2',
  'mini/nsynth-autoencoder': 'nsynth-autoencoder-8bf2b533',
  'mini/phase': 'phase-33b9fc54',
  'mini/quick': 'quick-fd77d8f9',
  'mini/smoke': 'smoke-d5ec1b90',
  'mini/stages': 'stages-721afc67',
  'mini/waveform-gan': 'waveform-gan-33cb313f',
  'mini/wavegan': 'wavegan-27c775ef',
  'mini/wavenet-16bit': 'wavenet-16bit-22fdb5e8',
  'mini/wavenet-8bit': 'wavenet-8bit-a8e3f89f',
  'paper/harmonic': 'harmonic-8a7d1029',
  'paper/if': 'if-baf7e0d0',
  'paper/if-h': 'if-h-259c3ac1',
  'paper/if-mel': 'if-mel-ff0f54c5',
  'paper/if-mel-h': 'if-mel-h-81dbf09f',
  'paper/if-mel-h-l1': 'if-mel-h-l1-92eff5e8',
  'paper/nsynth-autoencoder': 'nsynth-autoencoder-48d18202',
  'paper/phase': 'phase-e765ea68',
  'paper/phase-h': 'phase-h-100b2771',
  'paper/sweep-lr-2e-4-weight-0.1': 'sweep-lr-2e-4-weight-0.1-abb1ab50',
  'paper/sweep-lr-2e-4-weight-1': 'sweep-lr-2e-4-weight-1-3f624bc3',
  'paper/sweep-lr-2e-4-weight-10': 'sweep-lr-2e-4-weight-10-d1de87ce',
  'paper/sweep-lr-4e-4-weight-0.1': 'sweep-lr-4e-4-weight-0.1-f8e7a175',
  'paper/sweep-lr-4e-4-weight-1': 'sweep-lr-4e-4-weight-1-40f400cc',
  'paper/sweep-lr-4e-4-weight-10': 'sweep-lr-4e-4-weight-10-e69afe2d',
  'paper/sweep-lr-8e-4-weight-0.1': 'sweep-lr-8e-4-weight-0.1-36ad9955',
  'paper/sweep-lr-8e-4-weight-1': 'sweep-lr-8e-4-weight-1-1e4ea596',
  'paper/waveform-gan': 'waveform-gan-7aa00701',
  'paper/waveform-gan-progressive': 'waveform-gan-progressive-40e165f4',
  'paper/wavegan': 'wavegan-4fe0c0c1',
  'paper/wavenet-16bit': 'wavenet-16bit-726d5a70',
  'paper/wavenet-8bit': 'wavenet-8bit-16ba1e36',
  'smoke-paper/harmonic': 'harmonic-1c2a0d8f',
  'smoke-paper/if': 'if-c0885c56',
  'smoke-paper/if-h': 'if-h-d6aab27b',
  'smoke-paper/if-mel': 'if-mel-60be9991',
  'smoke-paper/if-mel-h': 'if-mel-h-b66df5e2',
  'smoke-paper/if-mel-h-l1': 'if-mel-h-l1-f75c278d',
  'smoke-paper/nsynth-autoencoder': 'nsynth-autoencoder-58a42bc8',
  'smoke-paper/phase': 'phase-7798a1b2',
  'smoke-paper/phase-h': 'phase-h-063df983',
  'smoke-paper/waveform-gan': 'waveform-gan-5bb87d31',
  'smoke-paper/waveform-gan-progressive': 'waveform-gan-progressive-33330a1d',
  'smoke-paper/wavegan': 'wavegan-301e2e24',
  'smoke-paper/wavenet-16bit': 'wavenet-16bit-1ad55f26',
  'smoke-paper/wavenet-8bit': 'wavenet-8bit-ee0fd865',
};

describe('the id of a run', () => {
  it.each(Object.entries(ids))('of %s stays %s', (name, id) => {
    expect(recipeId(loadRecipe(name))).toBe(id);
  });

  it('is held here for every recipe that ships', () => {
    expect(shippedRecipes()).toEqual(Object.keys(ids));
  });
});
