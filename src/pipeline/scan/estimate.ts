/** What a scan would take: objects, requests, bytes, time and money, from the listing alone. */

import { FirstRead } from "../../read-image/first-read.ts";
import type { Store } from "../../stores/contract.ts";
import { RateRamp } from "../reading/rate-ramp.ts";
import { lookupOf } from "../writing/lookup.ts";
import type { Reread } from "./decide.ts";
import { decidedPages, type ScanPlace } from "./decided.ts";
import { PRICES } from "./prices.ts";

interface ClassEstimate {
  /** Reads: one for each image, which is what nineteen of twenty take. */
  requests: number;
  bytes: number;
}

export interface Estimate {
  listed: number;
  leftOut: number;
  unchanged: number;
  toUpdate: number;
  toRead: number;
  listRequests: number;
  bytes: number;
  readonly classes: Map<string, ClassEstimate>;
}

/** @param store what exists of it already; undefined where there is none yet */
export async function estimate(
  place: ScanPlace,
  store: Store | undefined,
  reread: Reread,
  signal: AbortSignal,
  onPage: (estimate: Readonly<Estimate>) => void,
): Promise<Estimate> {
  const firstRead = new FirstRead();
  const sum: Estimate = {
    listed: 0,
    leftOut: 0,
    unchanged: 0,
    toUpdate: 0,
    toRead: 0,
    listRequests: 0,
    bytes: 0,
    classes: new Map(),
  };
  for await (const { images, leftOut } of decidedPages(place, lookupOf(store), reread, signal, () => {})) {
    sum.leftOut += leftOut;
    for (const { object, decision } of images) {
      sum.listed++;
      if (decision === "unchanged") sum.unchanged++;
      else if (decision === "update") sum.toUpdate++;
      else {
        const name = object.info?.storageClass ?? "STANDARD";
        const ofClass = sum.classes.get(name) ?? { requests: 0, bytes: 0 };
        const bytes = firstRead.size(object.info);
        sum.toRead++;
        sum.bytes += bytes;
        sum.classes.set(name, { requests: ofClass.requests + (bytes > 0 ? 1 : 0), bytes: ofClass.bytes + bytes });
      }
    }
    sum.listRequests = place.requests;
    onPage(sum);
  }
  sum.listRequests = place.requests;
  return sum;
}

export interface Costs {
  /** US dollars. */
  readonly lists: number;
  readonly reads: number;
  readonly retrieval: number;
  readonly total: number;
}

/** By the prices of one region; unknown classes, such as REGIONAL, are priced as STANDARD. */
export function costsOf({ listRequests, classes }: Estimate): Costs {
  const standard = PRICES.STANDARD ?? { classA: 0, classB: 0, retrieval: 0 };
  const lists = (listRequests / 1000) * standard.classA;
  let [reads, retrieval] = [0, 0];
  for (const [name, { requests, bytes }] of classes) {
    const prices = PRICES[name] ?? standard;
    reads += (requests / 1000) * prices.classB;
    retrieval += (bytes / 2 ** 30) * prices.retrieval;
  }
  return { lists, reads, retrieval, total: lists + reads + retrieval };
}

/** Seconds that a ranged read of Cloud Storage takes from within its region, and images that one process reads a second at most. */
const READ_TIME = 0.05;
const READ_RATE = 1200;

/** Seconds for so many reads, within what the bucket may be asked. */
export function secondsOf(reads: number, concurrency: number, processes: number): number {
  const own = processes * Math.min(concurrency / READ_TIME, READ_RATE);
  const ramp = new RateRamp();
  const step = 60;
  let [seconds, left] = [0, reads];
  for (;;) {
    const rate = Math.min(own, ramp.rate(seconds * 1000));
    if (left <= rate * step) return seconds + left / rate;
    left -= rate * step;
    seconds += step;
  }
}
