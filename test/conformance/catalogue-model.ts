/** A catalogue that is a fold of the rules (src/stores/merge.ts), and random histories to hold others against it. */
import fc from "fast-check";
import type { ImageRecord, ObjectInfo } from "../../src/record/types.ts";
import type { Catalogue, ObjectUpdate, ObjectVersion, PutOutcome, Rewind } from "../../src/stores/contract.ts";
import type { Holding, RankedContent } from "../../src/stores/merge.ts";
import { arrivalOfRecord, arrivalOfRemoval, arrivalOfUpdate, newer, rewound } from "../../src/stores/merge.ts";

/** What is asked of a catalogue. */
export type Event =
  | { readonly kind: "put"; readonly item: ImageRecord }
  | { readonly kind: "update"; readonly item: ObjectUpdate }
  | { readonly kind: "remove"; readonly item: ObjectVersion };

type Held = Holding<RankedContent & { readonly record: ImageRecord }>;

export class Model {
  readonly #held = new Map<string, Held>();

  take(event: Event): PutOutcome["result"] {
    const { uri } = event.item;
    const { holding, result } = newer(this.#held.get(uri), arrival(event));
    this.#held.set(uri, holding);
    return result;
  }

  rewind(rewind: Rewind): void {
    const holding = rewound(this.#held.get(rewind.uri), rewind);
    if (holding !== undefined) this.#held.set(rewind.uri, holding);
  }

  tombstone(uri: string): string | undefined {
    const held = this.#held.get(uri);
    return held?.isGone ? String(held.generation) : undefined;
  }

  get(uri: string): ImageRecord | undefined {
    const held = this.#held.get(uri);
    return held?.isGone || held?.content === undefined ? undefined : { ...held.content.record, object: held.object };
  }

  /** The object of an address, also where its content is not known yet. */
  object(uri: string): ObjectInfo | undefined {
    const held = this.#held.get(uri);
    return held?.isGone ? undefined : held?.object;
  }

  uris(): string[] {
    return [...this.#held.keys()];
  }
}

function arrival(event: Event): Held {
  switch (event.kind) {
    case "put":
      return arrivalOfRecord(event.item);
    case "update":
      return arrivalOfUpdate(event.item);
    case "remove":
      return arrivalOfRemoval(event.item);
  }
}

/** Hands events to a catalogue in order, neighbours of one kind together, and gives an outcome for each. */
export async function replay(catalogue: Catalogue, events: readonly Event[], most = 5): Promise<PutOutcome[]> {
  const outcomes: PutOutcome[] = [];
  for (let at = 0; at < events.length; at = outcomes.length) {
    const kind = events[at]?.kind;
    const other = events.findIndex((event, i) => i > at && (event.kind !== kind || i === at + most));
    outcomes.push(...(await hand(catalogue, events.slice(at, other < 0 ? undefined : other))));
  }
  return outcomes;
}

function hand(catalogue: Catalogue, events: readonly Event[]): Promise<readonly PutOutcome[]> {
  const of = <K extends Event["kind"]>(kind: K) => events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind);
  switch (events[0]?.kind) {
    case "put":
      return catalogue.put(of("put").map(({ item }) => item));
    case "update":
      return catalogue.update(of("update").map(({ item }) => item));
    default:
      return catalogue.remove(of("remove").map(({ item }) => item));
  }
}

/** An object of a source with versions: all that is said of it follows from its versions. */
export function objectAt(generation: string | undefined, metageneration: string | undefined): ObjectInfo {
  return {
    bucket: "b",
    size: 1000,
    etag: `${generation}/${metageneration}`,
    ...(generation !== undefined && { generation }),
    ...(metageneration !== undefined && { metageneration }),
  };
}

/** A record whose content follows from generation, engine and whether it failed, as it does of real bytes. */
export function recordOf(uri: string, object: ObjectInfo, { engine = "1.0.0", failed = false } = {}): ImageRecord {
  const head = { schema: 1, engine, values: "numeric", uri, object, read: { requests: 1, bytes: 65_536 } } as const;
  if (failed) return { ...head, error: { code: "TRUNCATED", message: `${object.generation} ends too soon for ${engine}` } };
  return {
    ...head,
    format: "JPEG",
    mimeType: "image/jpeg",
    width: 960,
    height: 640,
    summary: { make: "Apple", iso: 20 },
    tags: { IFD0: { Make: "Apple", Software: `${object.generation} ${engine}` } },
    warnings: [],
  };
}

// Beyond 2^53, and two that sort otherwise as texts.
const GENERATIONS = ["9", "10", "1555372964219642", "9007199254740993", "9007199254740992"];
const METAGENERATIONS = ["1", "2", "9", "10"];
const ENGINES = ["0.9.0", "0.10.0", "1.0.0-rc.1", "1.0.0"];

/** Events of a few objects, whose addresses begin with what `at` gives; any may lack versions if the source has none. */
function events(isVersioned: boolean): fc.Arbitrary<(at: string) => Event> {
  const version = (of: readonly string[]) =>
    isVersioned ? fc.constantFrom(...of) : fc.option(fc.constantFrom(...of), { nil: undefined, freq: 1 });
  const name = fc.constantFrom("a", "ä", "a b");
  const object = fc.tuple(version(GENERATIONS), version(METAGENERATIONS));
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(name, object, fc.constantFrom(...ENGINES), fc.boolean()).map(putOf) },
    { weight: 1, arbitrary: fc.tuple(name, object).map(updateOf) },
    { weight: 1, arbitrary: fc.tuple(name, version(GENERATIONS)).map(removalOf) },
  );
}

type Versions = [string | undefined, string | undefined];

function putOf([name, [generation, metageneration], engine, failed]: [string, Versions, string, boolean]) {
  return (at: string): Event => ({
    kind: "put",
    item: recordOf(`${at}${name}`, objectAt(generation, metageneration), { engine, failed }),
  });
}

function updateOf([name, [generation, metageneration]]: [string, Versions]) {
  return (at: string): Event => ({ kind: "update", item: { uri: `${at}${name}`, object: objectAt(generation, metageneration) } });
}

function removalOf([name, generation]: [string, string | undefined]) {
  return (at: string): Event => ({ kind: "remove", item: { uri: `${at}${name}`, ...(generation !== undefined && { generation }) } });
}

export type History = readonly ((at: string) => Event)[];

/** A history in the order of its events, with observations that lack versions. */
export const histories: fc.Arbitrary<History> = fc.array(events(false), { minLength: 1, maxLength: 14 });

/** A history of a source with versions, and the same events in another order, each up to three times. */
export const shuffledHistories: fc.Arbitrary<readonly [History, History]> = fc
  .array(events(true), { minLength: 1, maxLength: 10 })
  .chain((history) =>
    fc.tuple(
      fc.constant(history),
      fc
        .array(fc.constantFrom(...history), { maxLength: 10 })
        .chain((again) => fc.shuffledSubarray([...history, ...again], { minLength: history.length + again.length })),
    ),
  );
