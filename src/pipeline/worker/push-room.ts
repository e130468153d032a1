/**
 * The room for requests that are pushed. A request takes part of it by what has arrived of its body, not by what it announces; it is
 * held once the body is whole. Bodies that are still arriving make way for others, the oldest first, so that slow senders shut nobody out.
 */

export interface RoomLimits {
  /** Requests that are held at once. */
  readonly requests: number;
  /** Bytes of bodies, held or arriving. */
  readonly bytes: number;
}

/** The room of one request. */
export interface RequestRoom {
  /** More bytes of its body have arrived. False if there is no room for them. */
  arrived(bytes: number): boolean;
  /** Its body is whole. False if no more requests are held. */
  hold(): boolean;
  /** Gives the room back. */
  leave(): void;
}

export class PushRoom {
  readonly #limits: RoomLimits;
  readonly #onHeld: (requests: number) => void;
  /** In the order in which they came. */
  readonly #arriving = new Set<Place>();
  #bytes = 0;
  #held = 0;

  constructor(limits: RoomLimits, onHeld: (requests: number) => void) {
    this.#limits = limits;
    this.#onHeld = onHeld;
  }

  get held(): number {
    return this.#held;
  }

  get isFull(): boolean {
    return this.#held >= this.#limits.requests;
  }

  /** @param onEvicted it makes way for another, because its body is not whole */
  enter(onEvicted: () => void): RequestRoom {
    const place: Place = { bytes: 0, isHeld: false, onEvicted };
    this.#arriving.add(place);
    return {
      arrived: (bytes) => this.#arrived(place, bytes),
      hold: () => this.#hold(place),
      leave: () => this.#leave(place),
    };
  }

  #arrived(place: Place, bytes: number): boolean {
    for (const oldest of this.#arriving) {
      if (this.#fits(place, bytes) || oldest === place) break;
      if (oldest.bytes === 0) continue;
      this.#leave(oldest);
      oldest.onEvicted();
    }
    if (!this.#arriving.has(place) || !this.#fits(place, bytes)) return false;
    place.bytes += bytes;
    this.#bytes += bytes;
    return true;
  }

  /** One request alone fits, whatever its size. */
  #fits(place: Place, bytes: number): boolean {
    return this.#bytes === place.bytes || this.#bytes + bytes <= this.#limits.bytes;
  }

  #hold(place: Place): boolean {
    if (this.isFull || !this.#arriving.delete(place)) return false;
    place.isHeld = true;
    this.#onHeld(++this.#held);
    return true;
  }

  #leave(place: Place): void {
    const wasThere = this.#arriving.delete(place) || place.isHeld;
    if (!wasThere) return;
    this.#bytes -= place.bytes;
    if (place.isHeld) this.#onHeld(--this.#held);
    place.isHeld = false;
  }
}

interface Place {
  bytes: number;
  isHeld: boolean;
  readonly onEvicted: () => void;
}
