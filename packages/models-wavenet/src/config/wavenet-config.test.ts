import { describe, expect, it } from 'vitest';
import { ArgumentError, ConfigError } from '../errors.js';
import { presets } from './presets.js';
import { receptiveField, waveNetConfig, type WaveNetOptions } from './wavenet-config.js';

/** Options as they come from JSON, whose names no compiler has checked. */
const fromJson = (options: object): WaveNetOptions => JSON.parse(JSON.stringify(options)) as WaveNetOptions;

describe('a configuration', () => {
  it.each<[object, RegExp]>([
    [{ widht: 3 }, /found "widht". Did you mean width\?/],
    [
      { conditioning: { kind: 'pitch', pitches: [60], hopp: 3 } },
      /conditioning: expected options kind, .*found "hopp". Did you mean hop\?/,
    ],
    [
      { conditioning: { kind: 'frames', pitches: [60] } },
      /conditioning: expected options kind, channels, hop, encoder, found "pitches"/,
    ],
    [{ conditioning: { kind: 'none', hop: 3 } }, /conditioning: expected options kind, found "hop"/],
    [
      { conditioning: { kind: 'frames', encoder: { wdith: 3 } } },
      /conditioning.encoder: expected .*found "wdith". Did you mean width\?/,
    ],
    [
      { output: { kind: 'logistics', mixture: 3 } },
      /output: expected options kind, mixtures, .*found "mixture". Did you mean mixtures\?/,
    ],
    [{ output: { kind: 'mu-law', mixtures: 3 } }, /output: expected options kind, found "mixtures"/],
  ])('knows no other settings, in none of its parts: %j', (options, message) => {
    expect(() => waveNetConfig(fromJson(options))).toThrow(ArgumentError);
    expect(() => waveNetConfig(fromJson(options))).toThrow(message);
  });

  it('has no more conditioning by pitch than fits into memory', () => {
    const pitches = [60, 62];
    const inSteps = (hop: number, samples: number, width: number): unknown =>
      waveNetConfig({ conditioning: { kind: 'pitch', pitches, hop, samples, heldSamples: 1, width } });
    expect(() => inSteps(1, 2 ** 24, 61)).toThrow(ConfigError);
    expect(() => inSteps(1, 2 ** 24, 61)).toThrow(
      /conditioning.hop: .* at most 33554432 numbers, found 16777216 \(one every 1 samples\) x 61 = 1023410176\. Make the hop larger/,
    );
    // The paper's notes in the finest steps are let through.
    expect(inSteps(1, 64_000, 512)).toBeDefined();
  });

  it('of a preset sees as much of the past, and knows the pitches, as is said of it', () => {
    expect(receptiveField(presets.mini)).toBe(1023);
    expect(presets.mini.conditioning).toMatchObject({ pitches: Array.from({ length: 25 }, (_, index) => 48 + index) });
    expect(receptiveField(presets.small)).toBe(4095);
  });
});
