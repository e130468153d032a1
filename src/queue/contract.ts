/**
 * What a queue is: where events of buckets wait until the store holds what they tell. Messages come at least once, in any order.
 * A message is acknowledged after the store has said that it holds the record, and not before.
 */

/** What is sent. */
export interface Message {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A message that is leased to this process until it is answered: the lease is extended meanwhile. */
export interface Delivery extends Message {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly publishTime: number;
  /** How often it was delivered, this time included; 0 where the subscription does not count. */
  readonly attempt: number;
  /** It is done. False where the queue did not take the answer: then it comes again. */
  acknowledge(): Promise<boolean>;
  /** It is handed back, and comes again when the subscription's retry policy says. */
  handBack(): void;
}

export interface Subscription {
  /** Takes messages, as many at once as were agreed on, until it is closed. `failed` hears why none can be taken; taking is tried again. */
  receive(handler: (delivery: Delivery) => void, failed: (why: Error) => void): void;
  /** Takes no more. Resolves when all that was taken is answered, or handed back after so many milliseconds. */
  close(milliseconds: number): Promise<void>;
}

export interface Topic {
  /** Resolves when the queue holds the message. @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, MALFORMED, UNAVAILABLE */
  publish(message: Message): Promise<void>;
  close(): Promise<void>;
}
