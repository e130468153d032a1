/**
 * Looks through the dead letters, and sends back those that are asked for: each is acknowledged when its publication is confirmed,
 * so that an end between both only sends it twice, which changes nothing. All others are given back.
 */
import type { Inbox, Leased, Topic } from "../../queue/contract.ts";
import { ImagemetaError } from "../../record/errors.ts";
import { delayAfter, wait } from "../../storage/http/backoff.ts";
import { withoutReason } from "../worker/dead-letter.ts";
import { Leases } from "./leases.ts";

export interface RedriveOptions {
  readonly inbox: Inbox;
  /** Absent, they are only listed. */
  readonly topic?: Topic;
  readonly wants: (message: Leased) => boolean;
  /** Of those that are wanted. */
  readonly limit: number;
  /** It ends when nothing new has come for so many milliseconds. */
  readonly quiet: number;
  readonly signal: AbortSignal;
  readonly listener: RedriveListener;
}

interface RedriveListener {
  /** A dead letter that is wanted: to be listed, or sent back. */
  found(message: Leased): void | Promise<void>;
  /** The topic does not take this one: it stays a dead letter. */
  refused(message: Leased, why: ImagemetaError): void;
}

export interface Redriven {
  /** Listed, or sent back. */
  readonly done: number;
  /** Not asked for. */
  readonly others: number;
  readonly refused: number;
  /** `interrupted`, or `too many`: more are held than one look can hold. */
  readonly ended: "quiet" | "limit" | "too many" | "interrupted";
}

/** Messages of one call; and those that are held at most, for their leases take memory. */
const PULL = 500;
const MOST = 100_000;
/** Milliseconds that a call waits for messages, at most. */
const WAIT = 3000;
const TRIES = 5;

/** @throws ImagemetaError as inbox and topic do; all that is still held is given back then too */
export async function redrive(options: RedriveOptions): Promise<Redriven> {
  const { inbox, topic, wants, limit, quiet, signal, listener } = options;
  const leases = new Leases(inbox);
  const sent = new Set<string>();
  const totals = { done: 0, others: 0, refused: 0 };
  let last = performance.now();
  try {
    for (;;) {
      if (signal.aborted) return { ...totals, ended: "interrupted" };
      if (totals.done >= limit) return { ...totals, ended: "limit" };
      if (leases.size >= MOST) return { ...totals, ended: "too many" };
      const left = last + quiet - performance.now();
      if (left <= 0) return { ...totals, ended: "quiet" };
      const pulled = await pull(left);
      // What was sent back already, and whose acknowledgement was lost, is acknowledged again.
      await leases.acknowledge(pulled.filter(({ id }) => sent.has(id)));
      const fresh = once(pulled.filter(({ id }) => !sent.has(id) && !leases.has(id)));
      await leases.hold(pulled.filter(({ id }) => !sent.has(id)));
      if (fresh.length > 0) last = performance.now();
      const wanted = fresh.filter(wants);
      totals.others += fresh.length - wanted.length;
      const taken = wanted.slice(0, limit - totals.done);
      if (topic === undefined) {
        for (const message of taken) await listener.found(message);
        totals.done += taken.length;
      } else await sendBack(topic, taken);
    }
  } finally {
    // They come back by themselves where this fails.
    await leases.giveBack().catch(() => {});
  }

  /** Once more where the queue is not well for a moment. */
  async function pull(left: number): Promise<readonly Leased[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await inbox.pull(PULL, Math.min(left, WAIT));
      } catch (thrown) {
        if (!(thrown instanceof ImagemetaError) || thrown.code !== "UNAVAILABLE" || attempt === TRIES) throw thrown;
        await wait(delayAfter(attempt, 1000, 500, Math.random()), signal).catch(() => {});
        if (signal.aborted) return [];
      }
    }
  }

  async function sendBack(to: Topic, messages: readonly Leased[]): Promise<void> {
    const answers = await Promise.allSettled(messages.map((message) => to.publish(withoutReason(message))));
    const confirmed = messages.filter((_message, i) => answers[i]?.status === "fulfilled");
    for (const { id } of confirmed) sent.add(id);
    await leases.acknowledge(confirmed);
    for (const message of confirmed) await listener.found(message);
    totals.done += confirmed.length;
    for (const [i, answer] of answers.entries()) {
      if (answer.status === "fulfilled") continue;
      const [message, why] = [messages[i], answer.reason as unknown];
      // Only what is wrong with this one message leaves the others their chance.
      if (message === undefined || !(why instanceof ImagemetaError) || why.code !== "MALFORMED") throw why;
      listener.refused(message, why);
      totals.refused++;
    }
  }
}

function once(messages: readonly Leased[]): readonly Leased[] {
  return [...new Map(messages.map((message) => [message.id, message])).values()];
}
