import type { StepEvent } from '@gansynth/training';
import { describe, expect, it } from 'vitest';
import { ganLosses } from '../families/gan/losses.js';
import { describeStep } from './record.js';

const step = (losses: Record<string, number>): StepEvent =>
  ({ phase: { index: 6 }, losses, examplesPerSecond: 12.46, unit: 'images' }) as unknown as StepEvent;

describe('the line of progress', () => {
  it('shows the losses that a training has, small ones with more digits', () => {
    const losses = { generator: 2.719, generatorPitch: 0, critic: -1.304 };
    expect(describeStep(step(losses), ganLosses.line)).toBe('stage 6  G 2.72  D -1.30  pitch 0.00  12.5 images/s');
    expect(describeStep(step({ ...losses, generatorL1: 0.027198 }), ganLosses.line)).toBe(
      'stage 6  G 2.72  D -1.30  pitch 0.00  L1 0.0272  12.5 images/s',
    );
  });
});
