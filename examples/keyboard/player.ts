/** Plays notes that are computed already: attack as recorded, release when the key goes up. */
export class Player {
  readonly #context = new AudioContext();
  readonly #sounding = new Map<number, { source: AudioBufferSourceNode; gain: GainNode }>();

  /** Browsers start sound only after a key or a click. */
  resume(): void {
    if (this.#context.state !== 'running') void this.#context.resume();
  }

  /** @param level 0 to 1 */
  start(key: number, audio: Float32Array, sampleRate: number, level: number): void {
    this.stop(key);
    const buffer = this.#context.createBuffer(1, audio.length, sampleRate);
    buffer.copyToChannel(Float32Array.from(audio), 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    const gain = new GainNode(this.#context, { gain: 0.4 * level });
    source.connect(gain).connect(this.#context.destination);
    source.start();
    this.#sounding.set(key, { source, gain });
  }

  stop(key: number): void {
    const note = this.#sounding.get(key);
    if (!note) return;
    this.#sounding.delete(key);
    const now = this.#context.currentTime;
    note.gain.gain.setTargetAtTime(0, now, 0.06);
    note.source.stop(now + 0.4);
  }
}
