/** A setting that was tried on the way to a scale's recipes, each once, with the row named. */
export interface Attempt {
  readonly row: string;
  readonly setting: string;
  readonly notes: string;
  /** How far it was trained when it was listened to, or how it ended. */
  readonly after: string;
  /** Share of notes within 50 cents, by the tracker that is not told their pitch (chance: 0.03); `null` where none were heard. */
  readonly within50Cents: number | null;
  /** Notes that the share is of. */
  readonly of: number;
}

const attempt = (
  row: string,
  setting: string,
  notes: string,
  after: string,
  [within50Cents, of]: readonly [number | null, number] = [null, 0],
): Attempt => ({ row, setting, notes, after, within50Cents, of });

const [low, high] = ['1 s, 36 to 60', '1 s, 48 to 72'];

/** How the size of mini's rows was found. The last of IF-Mel + H but one is what the recipes of all spectral rows have. */
export const triedForMini: readonly Attempt[] = [
  attempt('if-mel-h', '64 x 256 from 4 x 16', '0.5 s, 48 to 72', '60,000 images, at 32 x 128', [0.08, 60]),
  attempt('if-mel-h', '32 x 512 from 4 x 64', '0.5 s, 48 to 72', '33,000 images, at 16 x 256', [0.33, 60]),
  attempt(
    'if-mel-h',
    '16 x 1024 from 2 x 128, rate 0.0015, penalty every second step',
    low,
    '50,000 images, at 8 x 512',
    [0.45, 75],
  ),
  attempt('if-mel-h', 'the same', low, '84,400 images, at 16 x 1024, shortly before its critic diverged', [0.25, 75]),
  attempt(
    'if-mel-h',
    "16 x 1024 from 2 x 128, the paper's rate 0.0008, penalty every step",
    low,
    '44,000 images, at 4 x 256',
    [0.44, 75],
  ),
  attempt('if-mel-h', 'the same', high, '43,600 images, at 4 x 256', [0.45, 75]),
  attempt('if-mel-h', 'the same', low, '79,500 images, fading into 16 x 1024, shortly before its critic diverged', [0.49, 75]),
  attempt(
    'if-mel-h',
    'the same, from 74,000 images on with rates falling to nothing',
    low,
    '100,000 images, at 16 x 1024',
    [0.4, 75],
  ),
  attempt('if-mel-h', "the same, slopes in the image's own units as in the paper", low, '47,000 images, at 4 x 256', [0.28, 150]),
  attempt(
    'if-mel-h',
    "eight programs, rate 0.0015, penalty every second step, slopes in the image's own units",
    high,
    '71,000 images, fading into 16 x 1024; its critic diverged at 73,672',
    [0.79, 75],
  ),
  attempt('if-mel-h', 'the same, rates falling from 68,000 images on', high, '77,800 images: stopped, slopes of 2.9 and growing'),
  attempt('if-mel-h', "the same, stddevGradient 'exact': the recipes", high, '94,000 images, its end', [0.79, 300]),
  attempt('if-mel-h', 'the same on twelve programs', low, '68,000 images, at 8 x 512', [0.51, 150]),
  attempt(
    'wavenet-16bit',
    'four programs, rate 0.003, some crops free of noise, log-scales from -7',
    '1 s, 48 to 72',
    '24,504 clips: diverged',
  ),
];
