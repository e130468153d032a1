/** A catalogue in Firestore, in native mode: one document an address, in one collection. Small facts are in the collection beside it, `NAME-settings`. */
import type { Query as Ask, DocumentSnapshot, Firestore } from "@google-cloud/firestore";
import { googleClient, tokenOf, tokensFor } from "../../auth/credentials.ts";
import type { CredentialOptions } from "../../auth/options.ts";
import { FIRESTORE } from "../../auth/scopes.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ObjectInfo, ValueForm } from "../../record/types.ts";
import { matches } from "../condition.ts";
import type { Catalogue, Held, ObjectUpdate, ObjectVersion, PutOutcome, Query, Rewind } from "../contract.ts";
import { heldOf } from "../held.ts";
import { arrivalOfRecord, arrivalOfRemoval, arrivalOfUpdate } from "../merge.ts";
import { contentOf, type Fields, idOf, type Packed, type State } from "./document.ts";
import { decoded } from "./encoding.ts";
import { filters } from "./query.ts";
import { ALREADY_EXISTS, codeOf, explained } from "./refusal.ts";
import { type Arrived, DocumentWriter, partOf } from "./write.ts";

export interface FirestoreOptions {
  readonly values?: ValueForm;
  /** Application default credentials where they are left out; an emulator gets none. */
  readonly credentials?: CredentialOptions;
  /** Keeps to Firestore's 500/50/5 rule; off, it writes as fast as it can. */
  readonly throttling?: boolean;
}

/** Documents that are read at once, with and without their content. */
const RECORDS = 100;
const HELD = 1_000;
/** Version of the documents' shape. */
const VERSION = 1;
/** What `Held` says, and what the next write asks. */
const HELD_FIELDS = ["uri", "state", "object", "engine", "error", "packed"];

/**
 * Opens the catalogue of a collection, `PROJECT/DATABASE/COLLECTION`, or makes it. FIRESTORE_EMULATOR_HOST means Google's emulator.
 * @throws ImagemetaError where the database cannot be reached or refuses the account, or where the catalogue holds the other form
 */
export async function openFirestore(address: string, options: FirestoreOptions = {}): Promise<Catalogue> {
  const [projectId, databaseId, collection, ...rest] = address.split("/");
  if (!projectId || !databaseId || !collection || rest.length > 0)
    throw new ImagemetaError(
      "NOT_FOUND",
      `firestore://${address} is no address of a collection; firestore://PROJECT/DATABASE/COLLECTION is one`,
    );
  const driver = await import("@google-cloud/firestore");
  const { credentials } = options;
  const isEmulated = Boolean(process.env.FIRESTORE_EMULATOR_HOST);
  const authClient = credentials === undefined || isEmulated ? undefined : await googleClient(credentials, [FIRESTORE]);
  if (authClient !== undefined) await tokenOf(tokensFor(credentials ?? {}, [FIRESTORE]));
  const firestore = new driver.Firestore({ projectId, databaseId, ...(authClient === undefined ? {} : { authClient }) });
  const where = `firestore://${address}`;
  try {
    const values = await settledForm(firestore, collection, where, options.values);
    const writer = new DocumentWriter(driver, firestore, collection, where, options.throttling ?? true);
    return new FirestoreCatalogue(driver, firestore, collection, where, writer, values);
  } catch (thrown) {
    await firestore.terminate();
    throw explained(`Opening ${where}`, thrown);
  }
}

/** The form that the catalogue holds: the one it was made with. */
async function settledForm(firestore: Firestore, collection: string, where: string, asked: ValueForm | undefined): Promise<ValueForm> {
  const reference = firestore.collection(`${collection}-settings`).doc("catalogue");
  let held = await reference.get();
  if (!held.exists) {
    await reference.create({ version: VERSION, values: asked ?? "numeric" }).catch((thrown) => {
      if (codeOf(thrown) !== ALREADY_EXISTS) throw thrown;
    });
    held = await reference.get();
  }
  const { version, values } = held.data() as { version: number; values: ValueForm };
  if (version > VERSION)
    throw new ImagemetaError(
      "UNSUPPORTED_FORMAT",
      `${where} was written by a newer imagemeta (version ${version}; this one knows ${VERSION}): update imagemeta`,
    );
  if (asked !== undefined && asked !== values)
    throw new ImagemetaError(
      "UNSUPPORTED_FORMAT",
      `${where} holds ${values} values, and ${asked} ones were asked for: a catalogue keeps one form, take another collection for the other`,
    );
  return values;
}

class FirestoreCatalogue implements Catalogue {
  readonly values: ValueForm;
  readonly #driver: typeof import("@google-cloud/firestore");
  readonly #firestore: Firestore;
  readonly #collection: string;
  readonly #where: string;
  readonly #writer: DocumentWriter;

  constructor(
    driver: typeof import("@google-cloud/firestore"),
    firestore: Firestore,
    collection: string,
    where: string,
    writer: DocumentWriter,
    values: ValueForm,
  ) {
    this.#driver = driver;
    this.#firestore = firestore;
    this.#collection = collection;
    this.#where = where;
    this.#writer = writer;
    this.values = values;
  }

  async put(records: readonly ImageRecord[]): Promise<readonly PutOutcome[]> {
    return this.#write(records, (record) => {
      if (record.values !== this.values)
        throw new ImagemetaError(
          "UNSUPPORTED_FORMAT",
          `${this.#where} holds ${this.values} values, and ${record.uri} has ${record.values} ones`,
        );
      return arrivalOfRecord(record);
    });
  }

  async update(objects: readonly ObjectUpdate[]): Promise<readonly PutOutcome[]> {
    return this.#write(objects, arrivalOfUpdate);
  }

  async remove(gone: readonly ObjectVersion[]): Promise<readonly PutOutcome[]> {
    return this.#write(gone, arrivalOfRemoval);
  }

  async rewind(rewinds: readonly Rewind[]): Promise<void> {
    await this.#asked(async () => {
      for (const rewind of rewinds) await this.#writer.rewind(rewind);
    });
  }

  /** An address that comes again waits until its first arrival is written. */
  async #write<Item extends { readonly uri: string }>(
    items: readonly Item[],
    toArrival: (item: Item) => Arrived["arrival"],
  ): Promise<PutOutcome[]> {
    const outcomes: PutOutcome[] = [];
    let round: { readonly arrived: Arrived; readonly i: number }[] = [];
    const uris = new Set<string>();
    const flush = async () => {
      const written = await this.#writer.write(round.map(({ arrived }) => arrived));
      round.forEach(({ i }, k) => {
        outcomes[i] = written[k] as PutOutcome;
      });
      round = [];
      uris.clear();
    };
    for (const [i, item] of items.entries()) {
      const { uri } = item;
      try {
        const arrival = toArrival(item);
        if (uris.has(uri)) await flush();
        round.push({ arrived: { uri, arrival }, i });
        uris.add(uri);
      } catch (thrown) {
        outcomes[i] = { uri, result: "failed", error: explained(`Writing ${uri} to ${this.#where}`, thrown) };
      }
    }
    if (round.length > 0) await flush();
    return outcomes;
  }

  async get(uri: string): Promise<ImageRecord | undefined> {
    const reference = this.#firestore.collection(this.#collection).doc(idOf(uri));
    return this.#asked(async () => this.#record(await reference.get()));
  }

  async lookup(uris: readonly string[]): Promise<readonly (Held | undefined)[]> {
    return (await this.#documents(uris)).map(heldIn);
  }

  async tombstones(uris: readonly string[]): Promise<readonly (string | undefined)[]> {
    return (await this.#documents(uris)).map((document) => {
      const state = document.get("state") as State | undefined;
      return state?.isGone ? state.generation : undefined;
    });
  }

  /** The documents of addresses, in order, without their content. */
  async #documents(uris: readonly string[]): Promise<readonly DocumentSnapshot[]> {
    const all: DocumentSnapshot[] = [];
    const documents = this.#firestore.collection(this.#collection);
    for (let at = 0; at < uris.length; at += HELD) {
      const references = uris.slice(at, at + HELD).map((uri) => documents.doc(idOf(uri)));
      all.push(...(await this.#asked(() => this.#firestore.getAll(...references, { fieldMask: HELD_FIELDS }))));
    }
    for (const [i, document] of all.entries()) this.#writer.remember(uris[i] as string, document);
    return all;
  }

  async *held(uriPrefix: string): AsyncGenerator<readonly Held[]> {
    const asks = this.#ask({ uriPrefix }).select(...HELD_FIELDS);
    for await (const page of this.#pages(asks, HELD)) {
      const held = page.map(heldIn).filter((each) => each?.uri.startsWith(uriPrefix));
      if (held.length > 0) yield held as Held[];
    }
  }

  async *iterate(query: Query = {}): AsyncGenerator<ImageRecord> {
    const { uriPrefix = "", where } = query;
    for await (const page of this.#pages(this.#ask(query), RECORDS)) {
      for (const document of page) {
        if (!String(document.get("uri")).startsWith(uriPrefix)) continue;
        const record = await this.#asked(() => this.#record(document));
        if (record !== undefined && (where === undefined || matches(where, record))) yield record;
      }
    }
  }

  #ask(query: Query): Ask {
    let ask: Ask = this.#firestore.collection(this.#collection);
    const asked = filters(query);
    for (const { field, operator, value } of asked) ask = ask.where(field, operator, value);
    // A range sorts by its field first.
    const range = asked.find(({ operator }) => operator.startsWith("<") || operator.startsWith(">"));
    if (range !== undefined) ask = ask.orderBy(range.field);
    return ask.orderBy(this.#driver.FieldPath.documentId());
  }

  async *#pages(ask: Ask, size: number): AsyncGenerator<DocumentSnapshot[]> {
    for (let page = ask.limit(size); ; ) {
      const { docs } = await this.#asked(() => page.get());
      if (docs.length > 0) yield docs;
      const last = docs.at(-1);
      if (docs.length < size || last === undefined) return;
      page = ask.limit(size).startAfter(last);
    }
  }

  /** Undefined where no content is held. A large record is read again where it was replaced between its document and its parts. */
  async #record(document: DocumentSnapshot): Promise<ImageRecord | undefined> {
    for (let held = document; held.exists; held = await held.ref.get()) {
      const fields = held.data() as Fields;
      if ((fields.state as unknown as State).rank === undefined) return undefined;
      const parts = await this.#parts(held);
      if (parts === undefined) continue;
      const { schema, engine, values, ...rest } = contentOf(fields, parts);
      const object = decoded(fields.object ?? {});
      return { schema, engine, values, uri: fields.uri, object, ...rest } as unknown as ImageRecord;
    }
    return undefined;
  }

  async #parts(document: DocumentSnapshot): Promise<Uint8Array[] | undefined> {
    const packed = document.get("packed") as Packed | undefined;
    if (packed === undefined) return [];
    const references = Array.from({ length: packed.parts }, (_, i) => partOf(document.ref, i));
    const parts = await this.#firestore.getAll(...references);
    return parts.every((part) => part.get("token") === packed.token) ? parts.map((part) => part.get("bytes")) : undefined;
  }

  async getSetting(key: string): Promise<string | undefined> {
    const setting = await this.#asked(() => this.#setting(key).get());
    return setting.get("value");
  }

  async putSetting(key: string, value: string | undefined): Promise<void> {
    const setting = this.#setting(key);
    await this.#asked(() => (value === undefined ? setting.delete() : setting.set({ key, value })));
  }

  #setting(key: string) {
    return this.#firestore.collection(`${this.#collection}-settings`).doc(idOf(key));
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (thrown) {
      throw explained(`Asking ${this.#where}`, thrown);
    }
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#firestore.terminate();
  }
}

function heldIn(document: DocumentSnapshot): Held | undefined {
  const { uri, state, object, engine, error } = (document.data() ?? {}) as Fields;
  if (state === undefined || (state as unknown as State).isGone || typeof uri !== "string") return undefined;
  const { code } = (error ?? {}) as { code?: string };
  return heldOf(uri, decoded(object ?? {}) as ObjectInfo, { engine: engine as string | undefined, error: code });
}
