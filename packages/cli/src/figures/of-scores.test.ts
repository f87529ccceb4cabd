import { describe, expect, it } from 'vitest';
import { drawWins } from './of-scores.js';

const withPaper = (model: string): boolean => drawWins({ models: [{ model, wins: 3, comparisons: 4 }] }).includes('in the paper');

describe("the paper's wins", () => {
  it('stand beside a model whatever its row is called, and beside no other', () => {
    expect(['IF-Mel + H', 'if-mel-h', 'real', 'real-data', 'Real data', 'wavenet-8bit'].filter(withPaper)).toHaveLength(6);
    // One that was not listened to, one of this project, one of somebody.
    expect(['waveform-gan', 'harmonic', 'mine'].filter(withPaper)).toEqual([]);
  });
});
