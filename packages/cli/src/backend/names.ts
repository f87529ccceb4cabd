/** In the order they are tried. */
export const backendNames = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;

export type BackendName = (typeof backendNames)[number];

/** A backend that runs here. */
export interface Loaded {
  readonly name: BackendName;
  /** What it stands on, in words: library versions, device, threads. */
  readonly detail: string;
  /** Whether the process has to be ended by hand because native threads keep it alive. */
  readonly keepsProcessAlive?: boolean;
}

/** A backend that does not run here. */
export interface Failure {
  readonly name: BackendName;
  readonly reason: string;
  readonly cure: string;
}

/** Thrown by a loader: why not, and what to do about it. */
export class BackendUnavailable extends Error {
  constructor(
    readonly reason: string,
    readonly cure: string,
    options?: ErrorOptions,
  ) {
    super(`${reason} ${cure}`, options);
    this.name = 'BackendUnavailable';
  }
}
