/** A Pub/Sub subscription that is pulled call by call (google.pubsub.v1.Subscriber: Pull, Acknowledge, ModifyAckDeadline). */
import type { PubSub, protos } from "@google-cloud/pubsub";
import type { Inbox, Leased } from "../contract.ts";
import { refusal } from "./refusal.ts";

/** gRPC, google.rpc.Code: the call's time was over, so that nothing came; which side notices it first says which. */
const OVER: readonly unknown[] = [1, 4];
/** Of a request's 512 KiB, which leases of about 200 bytes fill. */
const LEASES = 1000;

/** @param name `projects/P/subscriptions/S` */
export function openInbox(client: PubSub, name: string): Inbox {
  // The library's own request knows of the emulator and shares the connection; its clients of v1 would need both anew.
  const ask = <T>(method: string, request: object, timeout?: number): Promise<T> =>
    new Promise((resolve, reject) => {
      const config = { client: "SubscriberClient" as const, method, reqOpts: { subscription: name, ...request } };
      client.request<T>({ ...config, ...(timeout === undefined ? {} : { gaxOpts: { timeout, retry: null } }) }, (why, answer) =>
        why ? reject(why) : resolve(answer as T),
      );
    });
  const asked = async <T>(doing: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      throw refusal(`cannot ${doing} ${name}`, cause, {
        NOT_FOUND: "check its name: gcloud pubsub subscriptions list",
        FORBIDDEN: "grant the role roles/pubsub.subscriber on the subscription",
      });
    }
  };
  const inPieces = async (leases: readonly string[], call: (piece: readonly string[]) => Promise<unknown>): Promise<void> => {
    for (let i = 0; i < leases.length; i += LEASES) await call(leases.slice(i, i + LEASES));
  };
  return {
    pull: (most, milliseconds) =>
      asked("pull from", async () => {
        try {
          const { receivedMessages } = await ask<protos.google.pubsub.v1.IPullResponse>("pull", { maxMessages: most }, milliseconds);
          return (receivedMessages ?? []).map(leasedOf);
        } catch (cause) {
          if (OVER.includes((cause as { readonly code?: unknown }).code)) return [];
          throw cause;
        }
      }),
    acknowledge: (leases) => asked("acknowledge messages of", () => inPieces(leases, (ackIds) => ask("acknowledge", { ackIds }))),
    prolong: (leases, ackDeadlineSeconds) =>
      asked("hold messages of", () => inPieces(leases, (ackIds) => ask("modifyAckDeadline", { ackIds, ackDeadlineSeconds }))),
  };
}

function leasedOf({ ackId, message }: protos.google.pubsub.v1.IReceivedMessage): Leased {
  const { messageId, publishTime, data, attributes } = message ?? {};
  return {
    id: messageId ?? "",
    lease: ackId ?? "",
    publishTime: Number(publishTime?.seconds ?? 0) * 1000 + (publishTime?.nanos ?? 0) / 1e6,
    data: typeof data === "string" ? Buffer.from(data, "base64") : (data ?? new Uint8Array()),
    attributes: attributes ?? {},
  };
}
