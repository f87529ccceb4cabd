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
  /** How they were heard. */
  readonly by: string;
}

/** Chances are those of noise. */
const heardBy = {
  tracker: 'tracker not told the pitch (3 % by chance)',
  nearest: 'pitch nearest the one asked for (8 % by chance)',
};

const attempt = (
  row: string,
  setting: string,
  notes: string,
  after: string,
  [within50Cents, of, by = heardBy.tracker]: readonly [number | null, number, string?] = [null, 0],
): Attempt => ({ row, setting, notes, after, within50Cents, of, by: within50Cents === null ? '' : by });

const [low, high] = ['1 s, 36 to 60', '1 s, 48 to 72'];
const four = `${high}, four programs`;
const nearest = (share: number): [number, number, string] => [share, 100, heardBy.nearest];

/**
 * How mini's recipes were found: the size of all spectral rows by IF-Mel + H alone (its last but one is what they have), what WaveNets hear by
 * the recipes of `mini`. No other row was tried with settings of its own.
 */
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
  attempt('wavenet-8bit', 'no noise', '1 s, 36 to 60, twelve programs', '37,200 clips', nearest(0.12)),
  attempt('wavenet-8bit', 'relu in the pitch stack: all its units died; noise of 0.04', '1 s', '10,000 clips', nearest(0.14)),
  attempt(
    'wavenet-8bit',
    'the same, then noise of none to 0.6 of the level, more beginnings',
    '1 s',
    '28,800 clips',
    nearest(0.08),
  ),
  attempt('wavenet-8bit', 'tanh in the pitch stack, noise of none to 1 of the level', '1 s', '23,600 clips', nearest(0.38)),
  attempt(
    'wavenet-8bit',
    'linear pitch stack, noise of none to 3 of the level: mini/wavenet-8bit',
    four,
    '46,000 clips',
    nearest(0.92),
  ),
  attempt(
    'wavenet-16bit',
    'the same network, noise of 0.1 of the level and more: mini/wavenet-16bit',
    four,
    '46,000 clips',
    nearest(0.87),
  ),
  attempt(
    'wavenet-16bit',
    'rate 0.003, some crops free of noise, log-scales from -7',
    four,
    '24,504 clips: diverged; the best of it',
    nearest(0.14),
  ),
];
