/**
 * Takes changes that are pushed: each request is held until the store has said that it holds the record, and is answered by the
 * table of outcomes. What is not answered, or not well, comes again by the sender's own backoff, and doing it again changes nothing.
 */
import type { Topic } from "../../queue/contract.ts";
import type { Arrival } from "../events/http-event.ts";
import type { ObjectEvent } from "../events/object-event.ts";
import { within } from "../within.ts";
import { deadLetter } from "./dead-letter.ts";
import type { EventHandler } from "./event-handler.ts";
import { type Handled, outcomeOf } from "./outcome-of.ts";
import { type EventOutcome, OUTCOMES } from "./outcomes.ts";
import { PushRoom, type RequestRoom, type RoomLimits } from "./push-room.ts";

export interface PushOptions {
  readonly handler: EventHandler;
  /** Absent, what can never succeed is answered with 400, and the subscription's own policy decides. */
  readonly deadLetters: Topic | undefined;
  readonly listener: PushListener;
  readonly traced: <T>(attributes: Readonly<Record<string, string>>, work: () => Promise<T>) => Promise<T>;
  readonly most: RoomLimits;
}

interface PushListener {
  /** `isTaken` is false where nobody waited for the answer any more. */
  answered(arrival: Arrival, event: ObjectEvent | undefined, outcome: EventOutcome, isTaken: boolean): void;
  failed(why: Error): void;
  held(requests: number): void;
}

export interface PushAnswer {
  /** 204 it is done; 400 it can never be; 429 and 503 send it again later. */
  readonly status: 204 | 400 | 429 | 503;
  readonly why: string;
}

export interface Received {
  readonly answer: Promise<PushAnswer>;
  /** Resolves when all work on it has ended, which may be after its answer. */
  readonly ended: Promise<void>;
}

const DONE: PushAnswer = { status: 204, why: "" };
const LEAVING: PushAnswer = { status: 503, why: "this process leaves: send it again" };
const again = (why: string): PushAnswer => ({ status: 503, why });

export class PushReceiver {
  readonly #options: PushOptions;
  /** Answers those that wait. */
  readonly #unanswered = new Set<(answer: PushAnswer) => void>();
  readonly #down = new Map<"bucket" | "store", string>();
  readonly #room: PushRoom;
  #isLeaving = false;
  #whenIdle = () => {};

  constructor(options: PushOptions) {
    this.#options = options;
    this.#room = new PushRoom(options.most, options.listener.held);
  }

  /** Room for one request, or why there is none. @param onEvicted it makes way for another while its body arrives */
  admit(onEvicted: () => void): RequestRoom | PushAnswer {
    if (this.#isLeaving) return LEAVING;
    if (this.#room.isFull || this.#options.handler.isFull) return this.full();
    return this.#room.enter(onEvicted);
  }

  full(): PushAnswer {
    return { status: 429, why: `${this.#room.held} requests are held, and no more are taken for now` };
  }

  /** @param isGone does nobody wait for the answer any more? */
  receive(arrival: Arrival, isGone: () => boolean): Received {
    if (this.#isLeaving) return { answer: Promise.resolve(LEAVING), ended: Promise.resolve() };
    const [[what, why] = []] = this.#down;
    // While they are waited for, the few that are held find out when they are back: more would only be held too.
    if (what !== undefined) return { answer: Promise.resolve(again(`the ${what} does not answer: ${why}`)), ended: Promise.resolve() };
    let ended = Promise.resolve();
    const answer = new Promise<PushAnswer>((resolve) => {
      const settle = (given: PushAnswer) => {
        this.#unanswered.delete(settle);
        resolve(given);
        if (this.#unanswered.size === 0) this.#whenIdle();
      };
      this.#unanswered.add(settle);
      const isWaited = () => this.#unanswered.has(settle) && !isGone();
      ended = this.#options.traced(arrival.message.attributes, () => this.#work(arrival, isWaited)).then(settle);
    });
    return { answer, ended };
  }

  /** Bucket or store does not answer: all that wait for it are answered, for no lease is held for them. Undefined when it is back. */
  waiting(what: "bucket" | "store", why: string | undefined): void {
    if (why === undefined) this.#down.delete(what);
    else {
      this.#down.set(what, why);
      this.#answerAll(again(`the ${what} does not answer: ${why}`));
    }
  }

  async #work(arrival: Arrival, isWaited: () => boolean): Promise<PushAnswer> {
    const { handler, listener } = this.#options;
    let handled: Handled;
    try {
      handled = await outcomeOf(handler, arrival.event, arrival);
    } catch (thrown) {
      // It was stopped, or there is a fault in this program.
      if (!this.#isLeaving) listener.failed(thrown as Error);
      return again("it could not be finished");
    }
    const { event, outcome } = handled;
    // One that was sent back is not sent to the dead letters too: it comes again.
    const answer = isWaited() ? await this.#answerTo(arrival, outcome) : again("nobody waited for it");
    listener.answered(arrival, event, outcome, isWaited());
    return answer;
  }

  async #answerTo({ message, id }: Arrival, outcome: EventOutcome): Promise<PushAnswer> {
    const { deadLetters, listener } = this.#options;
    const why = `${outcome.kind}: ${outcome.message ?? ""}`;
    const { answer } = OUTCOMES[outcome.kind];
    if (answer === "acknowledge") return DONE;
    if (answer === "hand back") return again(why);
    if (deadLetters === undefined) return { status: 400, why };
    try {
      await deadLetters.publish(deadLetter(message, id, outcome));
      return DONE;
    } catch (thrown) {
      listener.failed(thrown as Error);
      return again("it can never succeed, and the dead-letter topic does not take it");
    }
  }

  #answerAll(answer: PushAnswer): void {
    for (const settle of [...this.#unanswered]) settle(answer);
  }

  /**
   * Takes no more, finishes what is held, and resolves within so many milliseconds: what is not done then is sent back.
   * @param stop ends what is under way
   */
  async leave(milliseconds: number, stop: () => void): Promise<void> {
    this.#isLeaving = true;
    const idle = new Promise<void>((resolve) => (this.#whenIdle = resolve));
    if (this.#unanswered.size > 0) await within(milliseconds, Promise.all([idle, this.#options.handler.flush().catch(() => {})]));
    this.#answerAll(LEAVING);
    stop();
  }
}
