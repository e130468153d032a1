/** What takes changes that are pushed, for the push endpoint and for the function. */
import { PushReceiver } from "../pipeline/worker/push-receiver.ts";
import { traced } from "../pipeline/worker/trace.ts";
import type { Service, ServiceOptions } from "./service.ts";

export async function openReceiver(service: Service, { deadLetter, maxMessages, maxBytes }: ServiceOptions): Promise<PushReceiver> {
  const { handler, metrics } = service;
  const receiver = new PushReceiver({
    handler,
    traced,
    deadLetters: deadLetter === undefined ? undefined : (await service.queue()).topic(deadLetter, { batching: { maxMilliseconds: 10 } }),
    most: { requests: maxMessages, bytes: maxBytes },
    listener: {
      held: (requests) => metrics.held(requests),
      failed: service.failed,
      answered: service.answered,
    },
  });
  service.onWaiting((what, why) => receiver.waiting(what, why));
  return receiver;
}
