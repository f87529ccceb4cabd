/**
 * Lets timers, signals and input have their turn. On cpu and wasm a result is there as soon as it is asked for, and awaiting it leaves
 * the event loop waiting: a training would never notice Ctrl-C.
 */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
