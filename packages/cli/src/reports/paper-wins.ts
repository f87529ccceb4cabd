/** Comparisons won in the paper's listening test, of 800 each (Engel et al. 2019, table 1 and figure 2). */
const wins: Readonly<Record<string, number>> = {
  'real data': 549,
  'IF-Mel + H': 485,
  'IF-Mel': 479,
  'WaveNet 8-bit': 359,
  'IF + H': 308,
  IF: 283,
  'Phase + H': 225,
  WaveGAN: 216,
  Phase: 203,
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9+]/g, '');
const known = new Map(Object.entries(wins).map(([name, count]) => [plain(name), count / 800]));

/** Share of its comparisons that a model won in the paper, by the paper's name for it ("real" is "real data"); undefined for others. */
export const paperWinShare = (model: string): number | undefined => known.get(plain(model === 'real' ? 'real data' : model));
