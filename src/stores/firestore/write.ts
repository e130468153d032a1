/**
 * What arrives at a collection. A document is created; where there is one, it is read, compared by merge.ts and updated on the condition that
 * nobody has written it since (`lastUpdateTime`), and again if somebody has. Where most of what came last was there already, documents are read
 * first, which spares creating in vain. Writes go through one BulkWriter, which keeps to the 500/50/5 rule:
 * 500 a second at first, half as many more every five minutes.
 */
import type {
  BulkWriter,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  UpdateData,
  WriteBatch,
  WriteResult,
} from "@google-cloud/firestore";
import { ImagemetaError } from "../../record/errors.ts";
import type { PutOutcome, Rewind } from "../contract.ts";
import { type Holding, newer, rewound, TOMBSTONE_LIFE } from "../merge.ts";
import { CLEARED, type Content, contentFields, holdingOf, idOf, type Packed, rootOf, stateOf, type Written } from "./document.ts";
import { encoded, type Json } from "./encoding.ts";
import { KnownDocuments, type Seen, seenOf } from "./known.ts";
import { ABORTED, ALREADY_EXISTS, codeOf, explained, FAILED_PRECONDITION, NOT_FOUND } from "./refusal.ts";

export interface Arrived {
  readonly uri: string;
  readonly arrival: Holding<Content>;
}

/** Tries of one document: each fails only because another process has written it meanwhile. */
const TRIES = 20;
/** Tries of one write that Firestore could not take just then; a database that is away for long is the caller's to wait for. */
const FAILURES = 4;
/** Documents of one read; while some are read, others are written. */
const READ = 50;

type Met = Exclude<PutOutcome["result"], "failed">;

/** What a document has to become: the parts are written in one commit with the document. */
interface Change {
  readonly fields: { [field: string]: unknown };
  readonly parts: readonly Uint8Array[];
  readonly token: string | undefined;
  readonly replacesContent: boolean;
}

export class DocumentWriter {
  readonly #driver: typeof import("@google-cloud/firestore");
  readonly #firestore: Firestore;
  readonly #collection: string;
  readonly #where: string;
  readonly #writer: BulkWriter;
  readonly #known = new KnownDocuments();
  /** Was most of what came last there already? */
  #findsMost = false;

  constructor(
    driver: typeof import("@google-cloud/firestore"),
    firestore: Firestore,
    collection: string,
    where: string,
    throttling: boolean,
  ) {
    this.#driver = driver;
    this.#firestore = firestore;
    this.#collection = collection;
    this.#where = where;
    this.#writer = firestore.bulkWriter({ throttling });
    this.#writer.onWriteError(({ code, failedAttempts }) => failedAttempts < FAILURES && [4, 8, ABORTED, 13, 14].includes(code));
  }

  /** One outcome an arrival, in order; each document once. */
  async write(arrived: readonly Arrived[]): Promise<PutOutcome[]> {
    const outcomes = await this.#writeUnread(arrived);
    for (let attempt = 1; ; attempt++) {
      const places = outcomes.flatMap((outcome, i) => (outcome === undefined ? [i] : []));
      if (places.length === 0) return outcomes as PutOutcome[];
      const left = places.map((i) => arrived[i] as Arrived);
      const updated = await this.#updateAll(left, attempt === TRIES);
      for (const [k, i] of places.entries()) outcomes[i] = updated[k];
    }
  }

  /** Changes only a document that was not read with success: it has no parts. */
  async rewind(rewind: Rewind): Promise<void> {
    const reference = this.#reference(rewind.uri);
    await this.#firestore.runTransaction(async (transaction) => {
      const seen = seenOf(await transaction.get(reference));
      const held = seen && holdingOf(seen.state);
      const holding = rewound(held, rewind);
      if (holding === undefined || holding === held) return;
      transaction.update(reference, this.#changed(held, holding).fields as UpdateData<unknown>);
    });
    this.#known.forget(rewind.uri);
  }

  /** What was read for other reasons spares a read here. */
  remember(uri: string, snapshot: DocumentSnapshot): void {
    const seen = seenOf(snapshot);
    if (seen !== undefined) this.#known.set(uri, seen);
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }

  /** Undefined for each that must be read first. */
  async #writeUnread(arrived: readonly Arrived[]): Promise<(PutOutcome | undefined)[]> {
    const readsFirst = this.#findsMost;
    let taken = 0;
    const written = arrived.map((each) =>
      this.#outcome(each, async () => {
        const seen = this.#known.get(each.uri);
        if (seen !== undefined) return this.#replace(each, seen);
        const result = readsFirst ? undefined : await this.#create(each);
        if (result === undefined) taken++;
        return result;
      }),
    );
    const [outcomes] = await Promise.all([Promise.all(written), this.#writer.flush()]);
    if (!readsFirst) this.#findsMost = taken > arrived.length / 2;
    return outcomes;
  }

  /** Undefined for each that was written by another meanwhile. */
  async #updateAll(arrived: readonly Arrived[], isLast: boolean): Promise<(PutOutcome | undefined)[]> {
    let found = 0;
    const update = async (part: readonly Arrived[]) => {
      const held = await this.#read(part);
      const replaced = part.map((each, i) => {
        const seen = held[i];
        if (seen !== undefined) found++;
        return this.#outcome(each, () => (seen === undefined ? this.#create(each) : this.#replace(each, seen)), isLast);
      });
      const [outcomes] = await Promise.all([Promise.all(replaced), this.#writer.flush()]);
      return outcomes;
    };
    const parts = Array.from({ length: Math.ceil(arrived.length / READ) }, (_, i) => arrived.slice(i * READ, (i + 1) * READ));
    const outcomes = await Promise.all(parts.map(update));
    this.#findsMost = found > arrived.length / 2;
    return outcomes.flat();
  }

  async #read(arrived: readonly Arrived[]): Promise<(Seen | undefined)[]> {
    try {
      const references = arrived.map(({ uri }) => this.#reference(uri));
      return (await this.#firestore.getAll(...references, { fieldMask: ["state", "packed"] })).map(seenOf);
    } catch (thrown) {
      throw explained(`Reading ${this.#where}`, thrown);
    }
  }

  /** Undefined where there is a document already. */
  async #create({ uri, arrival }: Arrived): Promise<Met | undefined> {
    const { holding, result } = newer(undefined, arrival);
    const change = this.#changed(undefined, holding);
    const document = { uri, root: rootOf(uri) ?? "", ...change.fields };
    const reference = this.#reference(uri);
    try {
      const { writeTime } =
        change.parts.length === 0
          ? await this.#writer.create(reference, document)
          : await this.#commit(this.#firestore.batch().create(reference, document), reference, change);
      this.#known.set(uri, { state: stateOf(holding), packed: packedOf(change), updateTime: writeTime });
      return result;
    } catch (thrown) {
      if (codeOf(thrown) === ALREADY_EXISTS) return undefined;
      throw thrown;
    }
  }

  /** Undefined where it was written by another meanwhile. */
  async #replace({ uri, arrival }: Arrived, { state, packed, updateTime }: Seen): Promise<Met | undefined> {
    const held = holdingOf(state);
    const { holding, result } = newer(held, arrival);
    if (holding === held) return result;
    const change = this.#changed(held, holding);
    const fields = change.fields as UpdateData<unknown>;
    const condition = { lastUpdateTime: updateTime };
    const reference = this.#reference(uri);
    const isAlone = change.parts.length === 0 && (packed === undefined || !change.replacesContent);
    try {
      const { writeTime } = isAlone
        ? await this.#writer.update(reference, fields, condition)
        : await this.#commit(this.#firestore.batch().update(reference, fields, condition), reference, change, packed?.parts);
      const now = change.replacesContent ? packedOf(change) : packed;
      this.#known.set(uri, { state: stateOf(holding), packed: now, updateTime: writeTime });
      return result;
    } catch (thrown) {
      this.#known.forget(uri);
      if ([FAILED_PRECONDITION, NOT_FOUND, ABORTED].includes(codeOf(thrown) ?? -1)) return undefined;
      throw thrown;
    }
  }

  /** A document and its parts in one commit; parts that it had beyond them go. */
  async #commit(batch: WriteBatch, reference: DocumentReference, { parts, token }: Change, before = 0): Promise<WriteResult> {
    for (const [i, bytes] of parts.entries()) batch.set(partOf(reference, i), { token, bytes });
    for (let i = parts.length; i < before; i++) batch.delete(partOf(reference, i));
    const [ofDocument] = await batch.commit();
    return ofDocument as WriteResult;
  }

  /** The fields to write so that `holding` is held after `held`. */
  #changed(held: Holding<Content> | undefined, holding: Holding<Content>): Change {
    const state = { ...stateOf(holding) };
    if (holding.isGone) {
      const expiresAt = new Date(Date.now() + TOMBSTONE_LIFE);
      return { fields: this.#replacing(held, { state, expiresAt }), parts: [], token: undefined, replacesContent: true };
    }
    const { object, content } = holding;
    const keepsObject = held !== undefined && !held.isGone && held.object === object;
    const changed = { state, ...(keepsObject ? {} : { object: encoded(object as Json) }) };
    // Without a record it is the content that is held.
    if (content !== undefined && content.record === undefined)
      return { fields: changed, parts: [], token: undefined, replacesContent: false };
    const { fields, parts, token } = content?.record === undefined ? NO_CONTENT : contentFields(content.record);
    return { fields: this.#replacing(held, { ...fields, ...changed }), parts, token, replacesContent: true };
  }

  /** With all that the document has no more; of a removal that is the object, too. */
  #replacing(held: Holding<Content> | undefined, fields: Change["fields"]): Change["fields"] {
    if (held === undefined) return fields;
    const absent = CLEARED.filter((name) => !(name in fields) && (name !== "object" || fields.expiresAt !== undefined));
    return { ...fields, ...Object.fromEntries(absent.map((name) => [name, this.#driver.FieldValue.delete()])) };
  }

  #reference(uri: string): DocumentReference {
    return this.#firestore.collection(this.#collection).doc(idOf(uri));
  }

  async #outcome({ uri }: Arrived, write: () => Promise<Met | undefined>, isLast = false): Promise<PutOutcome | undefined> {
    const what = `Writing ${uri} to ${this.#where}`;
    try {
      const result = await write();
      if (result !== undefined) return { uri, result };
      const busy = new ImagemetaError("UNAVAILABLE", `${what} failed: other processes wrote it ${TRIES} times meanwhile`);
      return isLast ? { uri, result: "failed", error: busy } : undefined;
    } catch (thrown) {
      const error = explained(what, thrown);
      // Then no other document would be written either.
      if (["FORBIDDEN", "UNAUTHENTICATED", "NOT_FOUND"].includes(error.code)) throw error;
      return { uri, result: "failed", error };
    }
  }
}

function packedOf({ parts, token }: Change): Packed | undefined {
  return token === undefined ? undefined : { parts: parts.length, token };
}

const NO_CONTENT: Written = { fields: {}, parts: [], token: undefined };

export function partOf(reference: DocumentReference, i: number): DocumentReference {
  return reference.collection("parts").doc(`${i}`);
}
