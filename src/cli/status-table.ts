/** A status for people: one line a fact. */

import { visibly } from "../record/visible.ts";
import type { Backlog, NotificationState, Status, Unknown } from "./pipeline-status.ts";
import { duration } from "./progress.ts";

export function statusTable({ subscription, settings, backlog, deadLetters, store, notification }: Status): string {
  const lines: (readonly [what: string, value: string])[] = [
    ["subscription", subscription],
    ["backlog", backlogText(backlog)],
    ...(deadLetters ? [["dead letters", backlogText(deadLetters)] as const] : []),
    ...(notification ? [["notification", notificationText(notification)] as const] : []),
    ...(store ? [["store", storeText(store)] as const] : []),
    ...("unknown" in settings
      ? [["settings", unknown(settings as Unknown)] as const]
      : Object.entries(settings).map(([what, value]) => [`  ${what}`, value] as const)),
  ];
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, value]) => `${what.padEnd(width)}  ${visibly(value)}\n`).join("");
}

function backlogText(backlog: Backlog | Unknown): string {
  if ("unknown" in backlog) return unknown(backlog);
  const { messages, ageSeconds, measured } = backlog;
  const oldest = messages === 0 ? "" : `, the oldest ${duration(ageSeconds)} old`;
  return `${messages.toLocaleString("en-US")} ${messages === 1 ? "message" : "messages"}${oldest} (measured ${measured})`;
}

function notificationText(notification: NonNullable<Status["notification"]>): string {
  if ("unknown" in notification) return unknown(notification);
  const { bucket, state } = notification;
  return `gs://${bucket} is ${state}${pauseText(notification)}`;
}

function pauseText({ state, pausedAt, resumedAt, configurations }: NotificationState): string {
  if (state === "connected") {
    const twice = configurations.length > 1 ? `, ${configurations.length} times: its events come as often` : "";
    return pausedAt === undefined ? twice : `${twice}; what changed since the pause at ${pausedAt} waits for imagemeta recover`;
  }
  if (pausedAt === undefined) return ": imagemeta setup connects it";
  return ` since ${pausedAt}${resumedAt === undefined ? "" : `, though resumed at ${resumedAt}`}: imagemeta recover connects it again`;
}

function storeText(store: NonNullable<Status["store"]>): string {
  if ("unknown" in store) return unknown(store);
  const { address, objects, errors, newest, newestUri } = store;
  const failed = errors === 0 ? "" : `, ${errors.toLocaleString("en-US")} of them with an error`;
  const last = newest === undefined ? "" : `; the newest was updated at ${newest}: ${newestUri}`;
  return `${address} has ${objects.toLocaleString("en-US")} ${objects === 1 ? "record" : "records"}${failed}${last}`;
}

function unknown({ unknown: why }: Unknown): string {
  return `unknown: ${why}`;
}
