import { describe, expect, it } from 'vitest';
import { additiveRepresentation } from './additive/additive-representation.js';
import { harmonicRepresentation } from './harmonic/harmonic-representation.js';
import { OptionError } from './errors.js';
import { geometry } from './geometry.js';
import { representation, representationFromJSON } from './representation/representation.js';
import { stft } from './stft.js';

/** As from a program without types. */
const untyped = (options: object): never => options as never;

describe('an option that a function does not know', () => {
  it.each([
    ['hop', () => stft(untyped({ shape: [1, 100] }), untyped({ fftSize: 16, hopp: 4 }))],
    ['overlap', () => geometry(untyped({ frames: 4, bins: 64, samples: 128, overlapp: 0.75 }))],
    ['frames', () => representation(untyped({ kind: 'if-mel', frame: 4 }))],
    ['fullBins', () => harmonicRepresentation(untyped({ fullbins: 512 }))],
    ['noiseBands', () => additiveRepresentation(untyped({ noisebands: 4 }))],
  ])('is refused, and %s suggested', (meant, call) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(new RegExp(`Did you mean ${meant}\\?`));
  });

  it('is none where it comes from what a representation says of itself', () => {
    for (const codec of [
      representation({ kind: 'if-mel', frames: 4, bins: 64, samples: 200 }),
      harmonicRepresentation({ frames: 4, bins: 8, fullFrames: 16, fullBins: 32, samples: 256 }),
    ]) {
      expect(representation(codec.toJSON()).toJSON()).toEqual(codec.toJSON());
    }
    const small = harmonicRepresentation({ frames: 4, bins: 8, fullFrames: 16, fullBins: 32, samples: 256 });
    expect(harmonicRepresentation(small.toJSON()).toJSON()).toEqual(small.toJSON());
  });

  it('is none where a representation itself is handed over, as its type allows', () => {
    const mel = representation({ kind: 'if-mel', frames: 4, bins: 64, samples: 200, overlap: 0.5 });
    expect(representation(mel).toJSON()).toEqual(mel.toJSON());
    expect(representationFromJSON(mel).toJSON()).toEqual(mel.toJSON());
    for (const given of [mel, mel.toJSON()])
      expect(geometry(given)).toMatchObject({ frames: 4, bins: 64, samples: 200, hop: 64 });
    const small = harmonicRepresentation({ frames: 4, bins: 8, fullFrames: 16, fullBins: 32, samples: 256 });
    expect(harmonicRepresentation(small).toJSON()).toEqual(small.toJSON());
    const additive = additiveRepresentation({ frames: 4, bins: 16, noiseBands: 4, samples: 256 });
    expect(additiveRepresentation(additive).toJSON()).toEqual(additive.toJSON());
    expect(representationFromJSON(additive).toJSON()).toEqual(additive.toJSON());
  });
});
