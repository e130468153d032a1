/**
 * How much a pipeline takes for so many images a day: `npm run capacity -- 1000000 --peak 4 --store postgres`. It prints a line of the
 * table of docs/capacity.md for each number; that page says where each figure comes from.
 */
import { parseArgs } from "node:util";
import { START } from "../src/pipeline/reading/rate-ramp.ts";
import { PRICES } from "../src/pipeline/scan/prices.ts";

/** Measured in this project: docs/performance.md and docs/capacity.md say how. */
export const MEASURED = {
  /** Images answered in one request, in two; the others took three and more. */
  inOne: 0.954,
  inTwo: 0.994,
  /** Bytes read of an image, the median of those above 256 KiB. */
  bytes: 64 << 10,
  /** Milliseconds of CPU time for one event, from its message to its acknowledgement. */
  cpu: 0.78,
  /** Rows a second that one machine of two cores took, at least. */
  rows: { sqlite: 4600, postgres: 3500 },
} as const;

/** What is taken for granted. */
export const ASSUMED = {
  /** Milliseconds of a ranged read within the region. */
  readTime: 50,
  /** `--concurrency` of a worker. */
  concurrency: 64,
  /** Of one vCPU, the share that is planned for: the rest is for what was held up. */
  load: 0.5,
  /** Bytes of a message, with the object's metadata. */
  message: 2000,
  /** Bytes a second that one Pub/Sub project may pull in a small region ("Pub/Sub quotas and limits"). */
  pull: 200e6,
  /** Bits a second that Cloud Storage gives one project in one region by default ("Bandwidth quotas"). */
  egress: 200e9,
  /** Writes a second that Firestore asks to begin with, and the growth every five minutes ("Ramping up traffic"). */
  firestore: { start: 500, growth: 1.5 },
} as const;

/** US dollars, list prices of September 2026: a TiB through Pub/Sub, and 100,000 reads and writes of a Firestore in several regions. */
export const OTHER_PRICES = { pubsub: 40, firestoreReads: 0.06, firestoreWrites: 0.18 } as const;

export type StoreKind = "sqlite" | "postgres" | "firestore";

export interface Capacity {
  /** Images a second in the busiest hours. */
  readonly rate: number;
  readonly workers: number;
  /** Of a day: requests to the bucket, bytes from it. */
  readonly requests: number;
  readonly bytes: number;
  /** Bits a second in the busiest hours. */
  readonly network: number;
  /** Hours of one vCPU a day that are worked, whatever waits. */
  readonly cpuHours: number;
  /** US dollars a day: reads, Pub/Sub, and Firestore where it is the store. Neither workers nor PostgreSQL. */
  readonly dollars: number;
  /** What gives out first as images grow, and at how many a second. */
  readonly bottleneck: { readonly what: string; readonly rate: number };
}

export const REQUESTS = MEASURED.inOne + 2 * (MEASURED.inTwo - MEASURED.inOne) + 3 * (1 - MEASURED.inTwo);
/** Images a second of one worker on one vCPU. */
export const WORKER_RATE = Math.min((ASSUMED.concurrency * 1000) / ASSUMED.readTime, (1000 / MEASURED.cpu) * ASSUMED.load);

/** @param peak the busiest hours beside the mean of the day */
export function capacityOf(images: number, peak: number, store: StoreKind): Capacity {
  const rate = (images / 86_400) * peak;
  const requests = images * REQUESTS;
  const limits = [
    { what: "the bucket, until it has grown", rate: START / REQUESTS },
    { what: "Pub/Sub's quota", rate: ASSUMED.pull / ASSUMED.message },
    { what: "the bandwidth of Cloud Storage", rate: ASSUMED.egress / 8 / MEASURED.bytes },
    store === "firestore"
      ? { what: "Firestore, until it has grown", rate: ASSUMED.firestore.start }
      : { what: `one ${store === "sqlite" ? "SQLite" : "PostgreSQL"} of two cores`, rate: MEASURED.rows[store] },
    // One file has one writer: a worker and its machine.
    ...(store === "sqlite" ? [{ what: "the only worker", rate: WORKER_RATE }] : []),
  ];
  const classB = PRICES.STANDARD?.classB ?? 0;
  // Published once, delivered once.
  const pubsub = ((2 * images * ASSUMED.message) / 2 ** 40) * OTHER_PRICES.pubsub;
  const firestore = store === "firestore" ? (images / 1e5) * (OTHER_PRICES.firestoreReads + OTHER_PRICES.firestoreWrites) : 0;
  return {
    rate,
    workers: Math.max(1, Math.ceil(rate / WORKER_RATE)),
    requests,
    bytes: images * MEASURED.bytes,
    network: rate * MEASURED.bytes * 8,
    cpuHours: (images * MEASURED.cpu) / 3.6e6,
    dollars: (requests / 1000) * classB + pubsub + firestore,
    bottleneck: limits.reduce((least, limit) => (limit.rate < least.rate ? limit : least)),
  };
}

const number = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });

function bits(value: number): string {
  return value < 1e9 ? `${number(value / 1e6)} Mbit/s` : `${number(value / 1e9)} Gbit/s`;
}

/** A line of the table. */
export function lineOf(images: number, peak: number, store: StoreKind): string {
  const { rate, workers, requests, bytes, network, cpuHours, dollars, bottleneck } = capacityOf(images, peak, store);
  const says = rate > bottleneck.rate ? "**beyond**" : `${number((100 * rate) / bottleneck.rate)} % of`;
  const cells = [number(images), number(rate), number(workers), number(requests), `${number(bytes / 2 ** 30)} GiB`, bits(network)];
  cells.push(number(cpuHours), `$${dollars.toFixed(2)}`, `${says} ${number(bottleneck.rate)}: ${bottleneck.what}`);
  return `| ${cells.join(" | ")} |`;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { peak: { type: "string", default: "4" }, store: { type: "string", default: "postgres" } },
  });
  const store = (["sqlite", "postgres", "firestore"] as const).find((kind) => kind === values.store);
  const wrong = [values.peak, ...positionals].find((word) => !(Number(word) > 0));
  if (store === undefined || wrong !== undefined || positionals.length === 0) {
    process.stderr.write("npm run capacity -- IMAGES_A_DAY… [--peak 4] [--store sqlite|postgres|firestore]\n");
    process.exitCode = 2;
  } else for (const images of positionals) process.stdout.write(`${lineOf(Number(images), Number(values.peak), store)}\n`);
}
