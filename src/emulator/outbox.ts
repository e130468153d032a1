// Messages that wait for Pub/Sub: in memory, in order for each topic, tried again until Pub/Sub has taken them. So they come at least once.
// Google Cloud Storage "Pub/Sub notifications for Cloud Storage", "Delivery guarantees".
import { setTimeout as delay } from "node:timers/promises";
import type { Message, Publisher } from "./publisher.ts";

/** Told once for each topic, until its messages get through again. `why` is the end of a sentence. */
export type Unsent = (topic: string, why: string) => void;

const MOST_AT_ONCE = 500;
const FIRST_DELAY_MS = 100;
const LAST_DELAY_MS = 5000;
/** How long the end waits for Pub/Sub. */
const GRACE_MS = 3000;

export class Outbox {
  readonly #publisher: Publisher | undefined;
  readonly #unsent: Unsent;
  readonly #queues = new Map<string, TopicQueue>();
  readonly #ending = new AbortController();
  readonly #ended = new AbortController();

  constructor(publisher: Publisher | undefined, unsent: Unsent = () => {}) {
    this.#publisher = publisher;
    this.#unsent = unsent;
  }

  /** Whether a topic exists; `undefined` if there is no Pub/Sub to ask. Rejects if it cannot be reached. */
  async hasTopic(topic: string): Promise<boolean | undefined> {
    return this.#publisher?.hasTopic(topic);
  }

  /** Takes a message on its way and returns at once. */
  post(topic: string, message: Message): void {
    let queue = this.#queues.get(topic);
    if (queue === undefined) {
      const { signal } = this.#ending;
      queue = new TopicQueue(topic, this.#publisher, this.#unsent, { ending: signal, ended: this.#ended.signal });
      this.#queues.set(topic, queue);
    }
    queue.post(message);
  }

  /** Sends what waits, for some seconds at most. */
  async close(): Promise<void> {
    this.#ending.abort();
    const sent = Promise.all(Array.from(this.#queues.values(), (queue) => queue.sent()));
    const timer = new AbortController();
    await Promise.race([sent, delay(GRACE_MS, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
    this.#ended.abort();
    for (const queue of this.#queues.values()) queue.tellWhatIsLeft();
    await this.#publisher?.close();
  }
}

/** `ending` hurries, `ended` gives up. */
interface Signals {
  readonly ending: AbortSignal;
  readonly ended: AbortSignal;
}

class TopicQueue {
  readonly #topic: string;
  readonly #publisher: Publisher | undefined;
  readonly #unsent: Unsent;
  readonly #signals: Signals;
  readonly #waiting: Message[] = [];
  #sending: Promise<void> | undefined;
  #told = false;

  constructor(topic: string, publisher: Publisher | undefined, unsent: Unsent, signals: Signals) {
    this.#topic = topic;
    this.#publisher = publisher;
    this.#unsent = unsent;
    this.#signals = signals;
  }

  post(message: Message): void {
    if (this.#publisher === undefined) {
      this.#tell("there is no Pub/Sub to send to");
    } else if (!this.#signals.ended.aborted) {
      this.#waiting.push(message);
      this.#sending ??= this.#send(this.#publisher);
    }
  }

  /** Resolves when nothing waits. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  tellWhatIsLeft(): void {
    if (this.#waiting.length > 0) this.#unsent(this.#topic, `${this.#waiting.length} were left when the emulator ended`);
  }

  async #send(publisher: Publisher): Promise<void> {
    let failures = 0;
    while (this.#waiting.length > 0 && !this.#signals.ended.aborted) {
      const batch = this.#waiting.slice(0, MOST_AT_ONCE);
      const outcomes = await publisher.publish(this.#topic, batch);
      this.#waiting.splice(0, batch.length, ...batch.filter((_, i) => outcomes[i] !== undefined));
      const why = outcomes.find((outcome) => outcome !== undefined);
      if (why === undefined) {
        failures = 0;
        this.#told = false;
      } else if (!this.#signals.ended.aborted) {
        this.#tell(`${why.message}; they wait and are tried again`);
        await this.#pause(Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures++));
      }
    }
    this.#sending = undefined;
  }

  /** Waits; at the end of the emulator not for long. */
  async #pause(ms: number): Promise<void> {
    const { ending } = this.#signals;
    if (ending.aborted) await delay(FIRST_DELAY_MS);
    else await delay(ms, undefined, { signal: ending }).catch(() => {});
  }

  #tell(why: string): void {
    if (!this.#told) this.#unsent(this.#topic, why);
    this.#told = true;
  }
}
