/** Histories of a bucket that a lying sender takes part in: what is in the store in the end, and what is in the bucket. */
import fc from "fast-check";
import { eventOfMessage } from "../../../src/pipeline/events/notification.ts";
import type { ObjectEvent } from "../../../src/pipeline/events/object-event.ts";
import { goneSince } from "../../../src/pipeline/scan/prune.ts";
import { scan } from "../../../src/pipeline/scan/scan.ts";
import { newTotals } from "../../../src/pipeline/scan/totals.ts";
import { EventHandler, type Trust } from "../../../src/pipeline/worker/event-handler.ts";
import { OUTCOMES } from "../../../src/pipeline/worker/outcomes.ts";
import type { ImageRecord } from "../../../src/record/types.ts";
import type { Storage } from "../../../src/storage/contract.ts";
import type { Catalogue } from "../../../src/stores/contract.ts";
import type { TestBucket } from "../../storage/bucket.ts";
import { type BucketReaders, image } from "../scan/scanning.ts";
import { type Change, pulled } from "./forms.ts";

const NAMES = ["a.jpg", "b", "c d/é%2F.png"];
const MAX_STEPS = 8;
const MAX_LIES = 10;

type Step = { readonly name: string; readonly at: number } & (
  | { readonly kind: "write"; readonly content: number }
  | { readonly kind: "update"; readonly album: string }
  | { readonly kind: "delete" }
);

/** A message that nobody but the liar sent, or one that is sent again. */
interface Lie {
  readonly name: string;
  readonly at: number;
  readonly type: Change["type"];
  /** Of which generation: one that the object had, counted from the newest, or a false one. */
  readonly generation: number | "first" | "before" | "after" | "now" | "soon" | "later" | "last";
  readonly isDescribed: boolean;
  readonly metageneration: string | undefined;
}

/** When each true event is delivered, once or twice; undefined if it is lost. */
interface Delivery {
  readonly first: number | undefined;
  readonly again: number | undefined;
}

export interface History {
  readonly steps: readonly Step[];
  readonly lies: readonly Lie[];
  readonly deliveries: readonly Delivery[];
  /** Messages that are handled at once. */
  readonly together: number;
  /** Was the sender verified? Then its lies are only about generations and removals. */
  readonly isVerified: boolean;
}

const name = fc.constantFrom(...NAMES);
const at = fc.nat({ max: 1000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("write" as const), name, at, content: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("update" as const), name, at, album: fc.constantFrom("x", "y") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), name, at }) },
);
const lie: fc.Arbitrary<Lie> = fc.record({
  name,
  at,
  type: fc.constantFrom("OBJECT_DELETE", "OBJECT_DELETE", "OBJECT_ARCHIVE", "OBJECT_METADATA_UPDATE", "OBJECT_FINALIZE"),
  generation: fc.oneof(fc.nat({ max: 2 }), fc.constantFrom("first", "before", "after", "now", "soon", "later", "last")),
  isDescribed: fc.boolean(),
  metageneration: fc.option(fc.constantFrom("1", "9", "9223372036854775807"), { nil: undefined }),
});

export function histories(losesEvents: boolean): fc.Arbitrary<History> {
  const first = losesEvents ? fc.option(at, { nil: undefined, freq: 1 }) : at;
  return fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: MAX_STEPS }),
    lies: fc.array(lie, { minLength: 1, maxLength: MAX_LIES }),
    // A replacement has two.
    deliveries: fc.array(fc.record({ first, again: fc.option(at, { nil: undefined }) }), {
      minLength: 2 * MAX_STEPS,
      maxLength: 2 * MAX_STEPS,
    }),
    together: fc.constantFrom(1, 6),
    isVerified: fc.boolean(),
  });
}

type Resource = Readonly<Record<string, unknown>>;

export interface Scene {
  readonly bucket: TestBucket;
  readonly readers: BucketReaders;
  readonly storage: Storage;
  readonly store: Catalogue;
  /** What the names of this history begin with. */
  readonly folder: string;
}

/** Lets a history happen, and delivers all that is sent. */
export async function happen(history: History, scene: Scene, trustsRemovals = false): Promise<void> {
  const { bucket, folder } = scene;
  const stop = new AbortController();
  const trust = { facts: history.isVerified, removals: trustsRemovals };
  const handler = handlerOf(scene, trust, stop.signal);
  const versions = new Map<string, Resource[]>();
  const timed: { readonly at: number; readonly run: () => Promise<void> | undefined }[] = [];
  const underWay = new Set<Promise<void>>();
  const send = async (change: Change, payload: "JSON_API_V1" | "NONE" = "JSON_API_V1") => {
    const handling = deliver(handler, eventOfMessage(pulled(change, payload))).finally(() => underWay.delete(handling));
    underWay.add(handling);
    if (underWay.size >= history.together) await Promise.race(underWay);
  };
  let events = 0;
  const tell = async (changed: number, change: Change) => {
    const { first, again } = history.deliveries[events++] ?? { first: 0, again: undefined };
    for (const time of [first, again]) {
      if (first !== undefined && time !== undefined) insert(timed, { at: Math.max(time, changed), run: () => send(change) });
    }
  };
  for (const each of history.steps) {
    insert(timed, {
      at: each.at,
      run: async () => {
        for (const change of await take(bucket, `${folder}${each.name}`, each, versions)) await tell(each.at, change);
      },
    });
  }
  for (const each of history.lies) {
    insert(timed, {
      at: each.at,
      run() {
        const change = forged(each, `${folder}${each.name}`, versions.get(`${folder}${each.name}`) ?? [], history.isVerified);
        return change && send(change, each.isDescribed ? "JSON_API_V1" : "NONE");
      },
    });
  }
  for (let next = timed.shift(); next !== undefined; next = timed.shift()) await next.run();
  await Promise.all(underWay);
  stop.abort(new Error("the history is over"));
}

function insert<T extends { readonly at: number }>(timed: T[], item: T): void {
  const place = timed.findIndex((other) => other.at > item.at);
  timed.splice(place < 0 ? timed.length : place, 0, item);
}

/** Delivers an event again as long as it is handed back: on a busy machine a request may take longer than it is given. */
export async function deliver(handler: EventHandler, event: ObjectEvent): Promise<void> {
  while (OUTCOMES[(await handler.handle(event, { isLast: false })).kind].answer === "hand back");
}

function handlerOf({ store, readers }: Scene, trust: Trust, signal: AbortSignal): EventHandler {
  return new EventHandler({
    store,
    readers,
    askBucket: async () => undefined,
    findLive: (uri) => readers.findLive(uri),
    trust,
    all: false,
    signal,
    pause: 1,
    batching: { records: 4, bytes: 1 << 20, milliseconds: 1 },
    listener: { read() {}, stored() {}, waiting() {} },
  });
}

/** What the bucket says of a step. `versions` has all that an object was, also its states of metadata. */
async function take(bucket: TestBucket, object: string, each: Step, versions: Map<string, Resource[]>): Promise<Change[]> {
  const url = `${bucket.emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(object)}`;
  const known = versions.get(object) ?? [];
  const answer = await fetch(url);
  const before = answer.ok ? ((await answer.json()) as Resource) : undefined;
  const noted = (resource: Resource) => {
    versions.set(object, [resource, ...known]);
    return resource;
  };
  if (each.kind === "write") {
    await bucket.put(object, each.content === 3 ? Buffer.from("this is no image") : image(each.content));
    const after = noted((await (await fetch(url)).json()) as Resource);
    return [
      { type: "OBJECT_FINALIZE", resource: after },
      ...(before === undefined ? [] : [{ type: "OBJECT_DELETE", resource: before } as const]),
    ];
  }
  if (before === undefined) return [];
  if (each.kind === "update") {
    const body = JSON.stringify({ metadata: { album: each.album } });
    const patched = await fetch(url, { method: "PATCH", headers: { "content-type": "application/json" }, body });
    return [{ type: "OBJECT_METADATA_UPDATE", resource: noted((await patched.json()) as Resource) }];
  }
  await bucket.remove(object);
  return [{ type: "OBJECT_DELETE", resource: before }];
}

/** Undefined if the lie is about a version that the object has not had. */
function forged(
  { type, generation: word, metageneration }: Lie,
  object: string,
  versions: readonly Resource[],
  isVerified: boolean,
): Change | undefined {
  const version = typeof word === "number" ? versions[word] : versions[0];
  if (typeof word === "number" && version === undefined) return undefined;
  const known = BigInt(String(version?.generation ?? Date.now() * 1000));
  const minutes = (count: number) => BigInt(Date.now() + count * 60_000) * 1000n;
  const generation = {
    first: 1n,
    before: known - 1n,
    after: known + 1n,
    now: minutes(0),
    soon: minutes(9),
    later: minutes(60),
    last: 2n ** 63n - 1n,
  };
  const resource = {
    ...(version ?? { bucket: "photos", name: object, metageneration: "1", size: "1000", contentType: "image/jpeg" }),
    generation: String(typeof word === "number" ? version?.generation : generation[word]),
  };
  // Who is verified describes what is there as it is.
  const facts = isVerified
    ? {}
    : { contentType: "image/gif", metadata: { album: "a lie" }, storageClass: "ARCHIVE", ...(metageneration && { metageneration }) };
  return { type, resource: { ...resource, ...facts } };
}

type Content = Map<string, Omit<ImageRecord, "read">>;

export async function contentBelow({ store, folder }: Scene): Promise<Content> {
  const content: Content = new Map();
  for await (const { read, ...record } of store.iterate({ uriPrefix: `gs://photos/${folder}` })) content.set(record.uri, record);
  return content;
}

/** What a scan of the bucket into an empty store would give. */
export async function expectedBelow({ storage, readers, folder }: Scene): Promise<Content> {
  const content: Content = new Map();
  for await (const page of storage.list({ root: "gs://photos", prefix: folder }, new AbortController().signal)) {
    for (const object of page) {
      const { read, ...record } = await readers.read(object);
      content.set(record.uri, record);
    }
  }
  return content;
}

export async function scanBelow({ storage, store, readers, folder }: Scene): Promise<void> {
  const { signal } = new AbortController();
  await scan({
    place: {
      list: (ending) => storage.list({ root: "gs://photos", prefix: folder }, ending),
      uriPrefix: `gs://photos/${folder}`,
      wants: () => true,
      requests: 0,
    },
    store,
    readers,
    reread: {},
    prune: goneSince(Date.now(), storage, signal),
    findLive: (uri) => readers.findLive(uri),
    patience: 10_000,
    pause: 5,
    signal,
    totals: newTotals(),
    listener: { allListed() {}, waiting() {}, failed() {} },
  });
}
