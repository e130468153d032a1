/** Leases of messages that are looked at: prolonged as long as they are held, so that none comes twice, and given back in the end. */
import type { Inbox, Leased } from "../../queue/contract.ts";

/** Seconds of a lease, after which messages come back by themselves where this process is killed; and when it is prolonged. */
const LEASE = 60;
const PROLONG = 20;

export class Leases {
  readonly #inbox: Inbox;
  readonly #held = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(inbox: Inbox) {
    this.#inbox = inbox;
    // One that cannot be prolonged comes again, and is known then.
    this.#timer = setInterval(() => inbox.prolong([...this.#held.values()], LEASE).catch(() => {}), PROLONG * 1000);
  }

  get size(): number {
    return this.#held.size;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  async hold(messages: readonly Leased[]): Promise<void> {
    for (const { id, lease } of messages) this.#held.set(id, lease);
    await this.#inbox.prolong(
      messages.map(({ lease }) => lease),
      LEASE,
    );
  }

  async acknowledge(messages: readonly Leased[]): Promise<void> {
    await this.#inbox.acknowledge(messages.map(({ id, lease }) => this.#held.get(id) ?? lease));
    for (const { id } of messages) this.#held.delete(id);
  }

  /** All that is still held. */
  async giveBack(): Promise<void> {
    clearInterval(this.#timer);
    const leases = [...this.#held.values()];
    this.#held.clear();
    await this.#inbox.prolong(leases, 0);
  }
}
