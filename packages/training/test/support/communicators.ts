import type { Block, Communicator } from '../../src/mpi/communicator.js';

const bytesOf = ({ buffer, byteOffset, byteLength }: Block): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

/** Communicators of processes that are all this one; each exchange waits for its partner's. */
export function communicators(ranks: number): Communicator[] {
  const waiting = new Map<string, { sent: Block; received: Block; done: () => void }>();
  return Array.from({ length: ranks }, (_, rank) => ({
    rank,
    ranks,
    exchange: (partner, sent, received) =>
      new Promise<void>((done, fail) => {
        const other = waiting.get(`${partner} ${rank}`);
        if (!other) {
          waiting.set(`${rank} ${partner}`, { sent, received, done });
          return;
        }
        waiting.delete(`${partner} ${rank}`);
        if (other.sent.byteLength !== received.byteLength || sent.byteLength !== other.received.byteLength) {
          fail(
            new Error(
              `${other.sent.byteLength} bytes sent for ${received.byteLength}, ${sent.byteLength} for ${other.received.byteLength}`,
            ),
          );
          return;
        }
        bytesOf(received).set(bytesOf(other.sent));
        bytesOf(other.received).set(bytesOf(sent));
        other.done();
        done();
      }),
  }));
}
