/**
 * Memory that the objects of one process share, if they must be held: those that are stored compressed, and those of servers without ranges.
 *
 * Half of it is for all. An object that finds no room in it waits for room, or for its turn, whichever comes first. One object at a time has
 * the turn, and takes what it needs from the other half. It never waits again, so it ends and passes the turn on: no two objects that
 * hold a part each can wait for each other.
 */
import { ImagemetaError } from "../../record/errors.ts";
import { onAbort } from "./on-abort.ts";

export const SHARED_MEMORY_BYTES = 128 << 20;

interface Waiting {
  readonly bytes: number;
  readonly share: Share;
  readonly go: () => void;
}

export class SharedMemory {
  /** Bytes that one object may hold, unless it is alone in being larger. */
  readonly bytesOfOne: number;
  #room: number;
  #turn: Share | undefined;
  readonly #waiting: Waiting[] = [];

  constructor(bytes: number) {
    this.bytesOfOne = bytes / 2;
    this.#room = bytes / 2;
  }

  /** What an object will hold. `deadline`: by `performance.now()`, when it stops to wait. */
  share(what: string, deadline: number): Share {
    return new Share(this, what, deadline);
  }

  /** Bytes for a share, at once if there are any. */
  take(share: Share, bytes: number): boolean {
    if (bytes <= this.#room) {
      this.#room -= bytes;
      share.common += bytes;
    } else if (this.#turn === undefined || this.#turn === share) {
      this.#turn = share;
      share.alone += bytes;
    } else {
      return false;
    }
    return true;
  }

  /** Calls `go` when the share has its bytes. What is returned stops the wait. */
  wait(share: Share, bytes: number, go: () => void): () => void {
    const waiting = { share, bytes, go };
    this.#waiting.push(waiting);
    return () => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
  }

  /** Takes back what a share no longer holds. A share that fits into the common half passes the turn on. */
  giveBack(share: Share, bytes: number): void {
    const alone = Math.min(share.alone, bytes);
    share.alone -= alone;
    share.common -= bytes - alone;
    this.#room += bytes - alone;
    if (this.#turn === share && share.alone <= this.#room) {
      this.#room -= share.alone;
      share.common += share.alone;
      share.alone = 0;
      this.#turn = undefined;
    }
    for (const waiting of [...this.#waiting]) {
      if (!this.take(waiting.share, waiting.bytes)) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.go();
    }
  }
}

export class Share {
  /** Bytes in the common half, and in the other. */
  common = 0;
  alone = 0;
  readonly #memory: SharedMemory;
  readonly #what: string;
  readonly #deadline: number;
  /** What still runs after that takes nothing and gives nothing back. */
  #isClosed = false;

  constructor(memory: SharedMemory, what: string, deadline: number) {
    this.#memory = memory;
    this.#what = what;
    this.#deadline = deadline;
  }

  /**
   * Takes bytes, and waits for them if need be; `most` is what this object may hold in all.
   * @throws ImagemetaError LIMIT_EXCEEDED if it would hold more; UNAVAILABLE at its deadline; the signal's reason
   */
  async take(bytes: number, signal: AbortSignal, most = this.#memory.bytesOfOne): Promise<void> {
    signal.throwIfAborted();
    if (this.#isClosed) throw this.#closed();
    if (this.common + this.alone + bytes > most)
      throw new ImagemetaError("LIMIT_EXCEEDED", `${this.#what}: it takes more than the ${most} bytes of memory that one image may have`);
    if (this.#memory.take(this, bytes)) return;
    await this.#wait(bytes, signal);
    if (!this.#isClosed) return;
    this.#memory.giveBack(this, bytes);
    throw this.#closed();
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        stop();
        keep();
        clearTimeout(timer);
        settle();
      };
      const stop = this.#memory.wait(this, bytes, () => end(resolve));
      const keep = onAbort(signal, () => end(() => reject(signal.reason)));
      const late = () =>
        new ImagemetaError(
          "UNAVAILABLE",
          `${this.#what}: other images had the memory that it takes until its deadline. Read fewer at once`,
        );
      const timer = setTimeout(() => end(() => reject(late())), this.#deadline - performance.now());
    });
  }

  giveBack(bytes: number): void {
    if (!this.#isClosed) this.#memory.giveBack(this, bytes);
  }

  close(): void {
    this.giveBack(this.common + this.alone);
    this.#isClosed = true;
  }

  #closed(): ImagemetaError {
    return new ImagemetaError("UNAVAILABLE", `${this.#what}: it was closed while it was read`);
  }
}
