/** How a checkpoint is to become a model. */
export interface ImportPlan {
  /** Folder of the new model. */
  readonly to: string;
  /** Default: what the original plays with. */
  readonly weights?: 'averaged' | 'raw' | undefined;
  /** Of a progressive GAN; default: the last. */
  readonly stage?: number | undefined;
  /** Of an autoencoder; default: both. */
  readonly part?: 'encoder' | 'decoder' | undefined;
  /** A recipe of networks that have other sizes than the released ones. */
  readonly recipe?: string | undefined;
  readonly licence?: string | undefined;
  readonly signal: AbortSignal;
}
