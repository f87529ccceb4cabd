/** Loss terms of one step of a GAN, unweighted except the totals. */
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
};

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
export const stepLosses = (generator: Generator, critic: Critic): StepLosses => ({
  generator: generator.total,
  generatorWasserstein: generator.wasserstein,
  generatorPitch: generator.pitch,
  ...(generator.l1 === undefined ? {} : { generatorL1: generator.l1 }),
  critic: critic.total,
  criticWasserstein: critic.wasserstein,
  criticPitch: critic.pitch,
  penalty: critic.penalty,
  drift: critic.drift,
});

/** Euclidean norms of both networks' gradients. */
export type GradientNorms = { readonly generator: number; readonly critic: number };
