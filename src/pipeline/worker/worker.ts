/**
 * Takes messages, reads their images, writes the records, and only then acknowledges. Whatever dies, a message that was not
 * acknowledged comes again, and doing it again changes nothing.
 */

import type { Delivery, Message, Subscription, Topic } from "../../queue/contract.ts";
import { eventOfMessage } from "../events/notification.ts";
import type { ObjectEvent } from "../events/object-event.ts";
import { within } from "../within.ts";
import { deadLetter } from "./dead-letter.ts";
import type { EventHandler } from "./event-handler.ts";
import { type Handled, outcomeOf } from "./outcome-of.ts";
import { type EventOutcome, OUTCOMES } from "./outcomes.ts";

export interface WorkerOptions {
  readonly subscription: Subscription;
  readonly deadLetters: Topic;
  readonly handler: EventHandler;
  readonly listener: WorkerListener;
  /** Runs the work on one message where its trace goes on. */
  readonly traced: <T>(attributes: Readonly<Record<string, string>>, work: () => Promise<T>) => Promise<T>;
}

interface WorkerListener {
  /** A message was answered, so many seconds after it was published; `isTaken` is false where the queue did not take the answer. */
  answered(delivery: Delivery, event: ObjectEvent | undefined, outcome: EventOutcome, isTaken: boolean): void;
  /** None can be pulled for now, or no dead letter sent. */
  failed(why: Error): void;
  held(messages: number): void;
}

/** A message that is delivered for the third time may have killed those who had it: it runs alone. */
const SUSPECT = 3;
/** Milliseconds before a dead letter is sent again. */
const DEAD_LETTER_WAIT = 5000;
/** Of the time to leave, what is kept for the last answers to reach Pub/Sub, in milliseconds. */
const ANSWERING = 1500;

export class Worker {
  readonly #options: WorkerOptions;
  readonly #waiting: Delivery[] = [];
  readonly #suspects: Delivery[] = [];
  readonly #held = new Set<Delivery>();
  #underWay = 0;
  #isAlone = false;
  /** Begun since a suspect ran: others have their turn before the next one. */
  #begun = 0;
  #isLeaving = false;
  #whenIdle = () => {};

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  run(): void {
    const { subscription, listener } = this.#options;
    subscription.receive(
      (delivery) => {
        if (this.#isLeaving) return delivery.handBack();
        this.#held.add(delivery);
        listener.held(this.#held.size);
        (delivery.attempt >= SUSPECT ? this.#suspects : this.#waiting).push(delivery);
        this.#begin();
      },
      (why) => listener.failed(why),
    );
  }

  /** Begins what may run now. Called whenever a message comes, one is done, or the store has room again. */
  #begin(): void {
    const { handler } = this.#options;
    while (!this.#isAlone && !this.#isLeaving && !handler.isFull) {
      const isSuspectsTurn = this.#suspects.length > 0 && (this.#waiting.length === 0 || this.#begun >= handler.capacity);
      if (isSuspectsTurn) {
        if (this.#underWay > 0) return;
        this.#isAlone = true;
        this.#begun = 0;
        this.#start(this.#suspects.shift());
      } else if (this.#underWay < handler.capacity && this.#waiting.length > 0) {
        this.#begun++;
        this.#start(this.#waiting.shift());
      } else return;
    }
  }

  #start(delivery: Delivery | undefined): void {
    if (delivery === undefined) return;
    this.#underWay++;
    this.#options
      .traced(delivery.attributes, () => this.#work(delivery))
      .finally(() => {
        this.#underWay--;
        this.#isAlone = false;
        this.#held.delete(delivery);
        this.#options.listener.held(this.#held.size);
        if (this.#held.size === 0) this.#whenIdle();
        this.#begin();
      });
  }

  async #work(delivery: Delivery): Promise<void> {
    const { handler, listener } = this.#options;
    let handled: Handled;
    try {
      handled = await outcomeOf(handler, () => eventOfMessage(delivery), delivery);
    } catch (thrown) {
      // It was stopped, or there is a fault in this program: the message goes to another.
      if (!this.#isLeaving) listener.failed(thrown as Error);
      return delivery.handBack();
    }
    const { event, outcome } = handled;
    listener.answered(delivery, event, outcome, await this.#answer(delivery, outcome));
  }

  async #answer(delivery: Delivery, outcome: EventOutcome): Promise<boolean> {
    const { answer } = OUTCOMES[outcome.kind];
    if (answer === "hand back") {
      delivery.handBack();
      return true;
    }
    if (answer === "dead-letter" && !(await this.#sendToDeadLetters(deadLetter(delivery, delivery.id, outcome)))) {
      delivery.handBack();
      return true;
    }
    return delivery.acknowledge();
  }

  /** Until it is sent: to hand the message back would only bring it again. False where this worker leaves before. */
  async #sendToDeadLetters(message: Message): Promise<boolean> {
    while (!this.#isLeaving) {
      try {
        await this.#options.deadLetters.publish(message);
        return true;
      } catch (thrown) {
        this.#options.listener.failed(thrown as Error);
        await new Promise((resolve) => setTimeout(resolve, DEAD_LETTER_WAIT).unref());
      }
    }
    return false;
  }

  /**
   * Takes no more messages, finishes those under way, and resolves within so many milliseconds: what is not done then goes back.
   * @param stop ends what is under way
   */
  async leave(milliseconds: number, stop: () => void): Promise<void> {
    this.#isLeaving = true;
    const closing = this.#options.subscription.close(milliseconds);
    for (const delivery of [...this.#waiting.splice(0), ...this.#suspects.splice(0)]) {
      delivery.handBack();
      this.#held.delete(delivery);
    }
    const idle = new Promise<void>((resolve) => (this.#whenIdle = resolve));
    if (this.#held.size > 0) await within(milliseconds - ANSWERING, Promise.all([idle, this.#options.handler.flush().catch(() => {})]));
    stop();
    await closing;
  }
}
