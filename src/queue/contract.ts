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

/** A subscription for a while: it is removed, and expires by itself where that does not come to pass. */
export interface TemporarySubscription extends Subscription {
  remove(): Promise<void>;
}

/** What a subscription is to be. Times in seconds, names whole. */
export interface SubscriptionSettings {
  readonly topic: string;
  readonly ackDeadline: number;
  /** How long it keeps what nobody has acknowledged. It never expires itself. */
  readonly retention: number;
  readonly retry?: { readonly least: number; readonly most: number };
  /** Where a message goes after so many deliveries. */
  readonly deadLetters?: { readonly topic: string; readonly attempts: number };
  /** Absent, it is pulled. */
  readonly push?: { readonly endpoint: string; readonly serviceAccount?: string };
  /** Absent, it stays as it is. */
  readonly isExactlyOnce?: boolean;
}

/** What was done so that a thing is as it should be. */
export interface Ensured {
  readonly did: "made" | "changed" | "found";
  /** What was changed, or what is left as it is and should be known. */
  readonly notes: readonly string[];
}

/** Makes what a pipeline needs. Done twice, the second time finds all. Names are whole. */
export interface QueueControl {
  /** @throws ImagemetaError FORBIDDEN, UNAUTHENTICATED, MALFORMED, UNAVAILABLE; so do the others */
  ensureTopic(name: string): Promise<Ensured>;
  /** What of an existing one differs is changed. @throws ImagemetaError MALFORMED where that cannot be, such as another topic */
  ensureSubscription(name: string, settings: SubscriptionSettings): Promise<Ensured>;
  /** Gives a role on a topic or subscription to a member such as `serviceAccount:…`. */
  ensureGrant(resource: string, role: string, member: string): Promise<Ensured>;
}

/** A message that was pulled by hand. Its lease runs out unless it is prolonged. */
export interface Leased extends Message {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly publishTime: number;
  readonly lease: string;
}

/** A subscription whose messages are pulled by hand, some at a time. All throw as a topic does. */
export interface Inbox {
  /** Those that are there, or come within so many milliseconds; none where none does. */
  pull(most: number, milliseconds: number): Promise<readonly Leased[]>;
  acknowledge(leases: readonly string[]): Promise<void>;
  /** So many seconds from now on; 0 gives the messages back. */
  prolong(leases: readonly string[], seconds: number): Promise<void>;
}
