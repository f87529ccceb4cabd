import type { LengthField } from './family.js';

/** What a stage of a training costs; a family without stages has one. */
export interface StageCost {
  readonly stage: number;
  /** `32x256` */
  readonly size: string;
  /** Examples learnt from in it. */
  readonly examples: number;
  /** Multiply-adds of one pass of one example, by network. */
  readonly multiplyAdds: Readonly<Record<string, number>>;
  /** FLOP of the stage, all updates. */
  readonly flop: number;
}

/** What a training costs, by arithmetic alone. */
export interface Cost {
  /** What examples are. */
  readonly unit: LengthField['unit'];
  /** Trained numbers, by network. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly stages: readonly StageCost[];
  /** FLOP of all stages. */
  readonly flop: number;
}

/** A cost from those of its stages. */
export const costOfStages = (cost: Omit<Cost, 'flop'>): Cost => ({
  ...cost,
  flop: cost.stages.reduce((total, { flop }) => total + flop, 0),
});
