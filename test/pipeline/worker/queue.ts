/** A subscription that a test fills by hand and whose answers it sees: for what Pub/Sub's emulator does not do. */
import type { Delivery, Message, Subscription, Topic } from "../../../src/queue/contract.ts";

type AnswerGiven = "acknowledged" | "refused" | "handed back";

export interface TestQueue extends Subscription {
  /** Delivers a message; resolves with what became of it. */
  deliver(message: Partial<Message>, attempt?: number, publishTime?: number): Promise<AnswerGiven>;
  /** Does the queue take acknowledgements? A subscription that delivers exactly once refuses those that come late. */
  takesAnswers: boolean;
  readonly isClosed: boolean;
}

export function testQueue(): TestQueue {
  let handler: (delivery: Delivery) => void = () => {};
  let delivered = 0;
  const queue = {
    takesAnswers: true,
    isClosed: false,
    receive(taking: (delivery: Delivery) => void) {
      handler = taking;
    },
    deliver({ data = new Uint8Array(0), attributes = {} }: Partial<Message>, attempt = 1, publishTime = Date.now()) {
      return new Promise<AnswerGiven>((resolve) =>
        handler({
          id: String(delivered++),
          data,
          attributes,
          publishTime,
          attempt,
          async acknowledge() {
            resolve(queue.takesAnswers ? "acknowledged" : "refused");
            return queue.takesAnswers;
          },
          handBack: () => resolve("handed back"),
        }),
      );
    },
    async close() {
      queue.isClosed = true;
    },
  };
  return queue;
}

export interface TestTopic extends Topic {
  readonly sent: Message[];
}

export function testTopic(): TestTopic {
  const sent: Message[] = [];
  return {
    sent,
    async publish(message) {
      sent.push(message);
    },
    async close() {},
  };
}
