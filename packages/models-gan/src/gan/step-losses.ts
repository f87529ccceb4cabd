/**
 * Loss terms of one step of a GAN, unweighted except the totals; those of the critic are 0 before it comes in. Terms of one's own are there as
 * `generatorName` and `criticName`.
 */
export type StepLosses = {
  readonly generator: number;
  readonly generatorWasserstein: number;
  readonly generatorPitch: number;
  /** Only with an `l1Weight`. */
  readonly generatorL1?: number;
  readonly critic: number;
  readonly criticWasserstein: number;
  readonly criticPitch: number;
  /** 0 in the steps that `penaltyEvery` leaves out. */
  readonly penalty: number;
  readonly drift: number;
} & OwnLosses;

type OwnLosses = Readonly<Record<`${'generator' | 'critic'}${string}`, number>>;

interface Generator {
  readonly total: number;
  readonly wasserstein: number;
  readonly pitch: number;
  readonly l1?: number;
}

interface Critic {
  readonly total: number;
  readonly wasserstein: number;
  readonly pitch: number;
  readonly penalty: number;
  readonly drift: number;
}

/** The losses of both networks' updates as those of a step. */
export function stepLosses(generator: Generator, critic: Critic): StepLosses {
  const { total, wasserstein, pitch, l1, ...ownOfGenerator } = generator;
  const { total: criticTotal, wasserstein: criticWasserstein, pitch: criticPitch, penalty, drift, ...ownOfCritic } = critic;
  return {
    generator: total,
    generatorWasserstein: wasserstein,
    generatorPitch: pitch,
    ...(l1 === undefined ? {} : { generatorL1: l1 }),
    critic: criticTotal,
    criticWasserstein,
    criticPitch,
    penalty,
    drift,
    ...ownLosses('generator', ownOfGenerator),
    ...ownLosses('critic', ownOfCritic),
  };
}

/** The loss of a generator that learns alone as that of a step. */
export const lossesAlone = ({ total, l1 }: { readonly total: number; readonly l1: number }): StepLosses => ({
  generator: total,
  generatorWasserstein: 0,
  generatorPitch: 0,
  generatorL1: l1,
  critic: 0,
  criticWasserstein: 0,
  criticPitch: 0,
  penalty: 0,
  drift: 0,
});

const ownLosses = (network: 'generator' | 'critic', terms: Readonly<Record<string, number>>): OwnLosses =>
  Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [`${network}${name.charAt(0).toUpperCase()}${name.slice(1)}`, value]),
  );

/** Euclidean norms of both networks' gradients. */
export type GradientNorms = { readonly generator: number; readonly critic: number };
