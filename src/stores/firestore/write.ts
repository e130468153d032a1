/**
 * What arrives at a collection. A document is created; where there is one, it is read, compared by merge.ts and updated on the condition that
 * nobody has written it since (`lastUpdateTime`), and again if somebody has. Writes go through one BulkWriter, which keeps to the 500/50/5 rule:
 * 500 a second at first, half as many more every five minutes.
 */
import type { BulkWriter, DocumentReference, DocumentSnapshot, Firestore, UpdateData } from "@google-cloud/firestore";
import { ImagemetaError } from "../../record/errors.ts";
import type { PutOutcome } from "../contract.ts";
import { type Holding, newer, TOMBSTONE_LIFE } from "../merge.ts";
import {
  CLEARED,
  type Content,
  contentFields,
  type Fields,
  holdingOf,
  idOf,
  type Packed,
  rootOf,
  type State,
  stateOf,
} from "./document.ts";
import { encoded, type Json } from "./encoding.ts";
import { ABORTED, ALREADY_EXISTS, codeOf, explained, FAILED_PRECONDITION, NOT_FOUND } from "./refusal.ts";

export interface Arrived {
  readonly uri: string;
  readonly arrival: Holding<Content>;
}

/** Tries of one document: each fails only because another process has written it meanwhile. */
const TRIES = 20;
/** Tries of one write that Firestore could not take just then; a database that is away for long is the caller's to wait for. */
const FAILURES = 4;
/** Documents of one read. */
const READ = 300;

/** What `put` has to change: the parts are written in one commit with the document. */
interface Change {
  readonly fields: { [field: string]: unknown };
  readonly parts: readonly Uint8Array[];
  readonly token: string | undefined;
}

export class DocumentWriter {
  readonly #driver: typeof import("@google-cloud/firestore");
  readonly #firestore: Firestore;
  readonly #collection: string;
  readonly #where: string;
  #writer: BulkWriter;

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
    const written = arrived.map((each) => this.#outcome(each, () => this.#create(each)));
    const [outcomes] = await Promise.all([Promise.all(written), this.#writer.flush()]);
    for (let attempt = 1; ; attempt++) {
      const taken = arrived.map((each, i) => ({ each, i })).filter(({ i }) => outcomes[i] === undefined);
      if (taken.length === 0) return outcomes as PutOutcome[];
      const again = await this.#update(
        taken.map(({ each }) => each),
        attempt === TRIES,
      );
      taken.forEach(({ i }, k) => {
        outcomes[i] = again[k];
      });
    }
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }

  /** Undefined where there is a document already. */
  async #create({ uri, arrival }: Arrived): Promise<(PutOutcome["result"] & ("written" | "superseded")) | undefined> {
    const { holding, result } = newer(undefined, arrival);
    const { fields, parts, token } = this.#changed(undefined, holding);
    const document = { uri, root: rootOf(uri) ?? "", ...fields };
    const reference = this.#reference(uri);
    try {
      if (parts.length === 0) await this.#writer.create(reference, document);
      else {
        const batch = this.#firestore.batch().create(reference, document);
        for (const [i, bytes] of parts.entries()) batch.set(partOf(reference, i), { token, bytes });
        await batch.commit();
      }
      return result;
    } catch (thrown) {
      if (codeOf(thrown) === ALREADY_EXISTS) return undefined;
      throw thrown;
    }
  }

  /** Undefined for each whose document was written by another meanwhile. */
  async #update(arrived: readonly Arrived[], isLast: boolean): Promise<(PutOutcome | undefined)[]> {
    const held: DocumentSnapshot[] = [];
    for (let at = 0; at < arrived.length; at += READ) {
      const references = arrived.slice(at, at + READ).map(({ uri }) => this.#reference(uri));
      held.push(...(await this.#asked(() => this.#firestore.getAll(...references, { fieldMask: ["state", "object", "packed"] }))));
    }
    const written = arrived.map((each, i) => this.#outcome(each, () => this.#replace(each, held[i] as DocumentSnapshot), isLast));
    const [outcomes] = await Promise.all([Promise.all(written), this.#writer.flush()]);
    return outcomes;
  }

  async #replace({ uri, arrival }: Arrived, snapshot: DocumentSnapshot) {
    // It was forgotten meanwhile.
    if (!snapshot.exists || snapshot.updateTime === undefined) return this.#create({ uri, arrival });
    const held = holdingOf(snapshot.get("state") as State, snapshot.get("object") as Json);
    const { holding, result } = newer(held, arrival);
    if (holding === held) return result;
    const packed = snapshot.get("packed") as Packed | undefined;
    const { fields, parts, token } = this.#changed(held, holding);
    const condition = { lastUpdateTime: snapshot.updateTime };
    const keepsContent = !("tags" in fields);
    try {
      if (parts.length === 0 && (packed === undefined || keepsContent)) {
        await this.#writer.update(snapshot.ref, fields as UpdateData<unknown>, condition);
      } else {
        const batch = this.#firestore.batch().update(snapshot.ref, fields as UpdateData<unknown>, condition);
        for (const [i, bytes] of parts.entries()) batch.set(partOf(snapshot.ref, i), { token, bytes });
        for (let i = parts.length; i < (packed?.parts ?? 0); i++) batch.delete(partOf(snapshot.ref, i));
        await batch.commit();
      }
      return result;
    } catch (thrown) {
      if ([FAILED_PRECONDITION, NOT_FOUND, ABORTED].includes(codeOf(thrown) ?? -1)) return undefined;
      throw thrown;
    }
  }

  /** The fields to write so that `holding` is held after `held`. */
  #changed(held: Holding<Content> | undefined, holding: Holding<Content>): Change {
    const isNew = held === undefined;
    const state: Fields = { ...stateOf(holding) } as unknown as Fields;
    if (holding.isGone) {
      const expiresAt = new Date(Date.now() + TOMBSTONE_LIFE);
      return { fields: { ...(isNew ? {} : this.#cleared()), state, expiresAt }, parts: [], token: undefined };
    }
    const object = encoded(JSON.parse(JSON.stringify(holding.object)));
    const record = holding.content?.record;
    // The content that is held stays.
    if (holding.content !== undefined && record === undefined) return { fields: { state, object }, parts: [], token: undefined };
    const { fields, parts } = record === undefined ? { fields: {}, parts: [] } : contentFields(record);
    const { token } = (fields as { packed?: Packed }).packed ?? {};
    return { fields: { ...(isNew ? {} : this.#cleared()), ...fields, state, object }, parts, token };
  }

  #cleared(): { [field: string]: unknown } {
    return Object.fromEntries(CLEARED.map((name) => [name, this.#driver.FieldValue.delete()]));
  }

  #reference(uri: string): DocumentReference {
    return this.#firestore.collection(this.#collection).doc(idOf(uri));
  }

  async #outcome(
    { uri }: Arrived,
    write: () => Promise<"written" | "superseded" | undefined>,
    isLast = false,
  ): Promise<PutOutcome | undefined> {
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

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (thrown) {
      throw explained(`Reading ${this.#where}`, thrown);
    }
  }
}

export function partOf(reference: DocumentReference, i: number): DocumentReference {
  return reference.collection("parts").doc(`${i}`);
}
