/** Every store, by the form of its addresses; each is loaded when it is first asked for. A new one is one file and one line. */
import { existsSync } from "node:fs";
import type { CredentialOptions } from "../auth/options.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { ValueForm } from "../record/types.ts";
import type { Catalogue, ResumableSink, Sink } from "./contract.ts";

export interface StoreOptions {
  /** The form of tag values; where it is absent a catalogue keeps the one that it has, and a new store takes numeric. */
  readonly values?: ValueForm;
  /** For stores of Google's: where credentials are looked for. Application default credentials where it is left out. */
  readonly credentials?: CredentialOptions;
}

/** `path` is what the pattern's only group holds, or the whole address. */
type Opener<Store> = (path: string, options: StoreOptions) => Promise<Store>;

interface Kind<Store> {
  /** How people write it. */
  readonly form: string;
  readonly pattern: RegExp;
  readonly open: Opener<Store>;
  /** The file that opening would make. */
  readonly file?: (path: string) => string;
}

const catalogues: readonly Kind<Catalogue>[] = [
  {
    form: "sqlite:PATH",
    pattern: /^sqlite:(.+)$/is,
    open: async (path, options) => (await import("./sqlite/catalogue.ts")).openSqlite(path, options),
    file: (path) => path,
  },
  {
    form: "FILE.db",
    pattern: /^(?![a-z][a-z0-9+.-]+:).*\.(?:db|sqlite|sqlite3)$/is,
    open: async (path, options) => (await import("./sqlite/catalogue.ts")).openSqlite(path, options),
    file: (path) => path,
  },
  {
    form: "postgres://USER@HOST/DATABASE",
    pattern: /^(postgres(?:ql)?:\/\/.+)$/is,
    open: async (url, options) => (await import("./postgres/catalogue.ts")).openPostgres(url, options),
  },
  {
    form: "firestore://PROJECT/DATABASE/COLLECTION",
    pattern: /^firestore:\/\/(.+)$/is,
    open: async (path, options) => (await import("./firestore/catalogue.ts")).openFirestore(path, options),
  },
];

const sinks: readonly Kind<Sink | ResumableSink>[] = [
  {
    form: "FILE.json, .ndjson, .csv, .parquet",
    pattern: /^(?![a-z][a-z0-9+.-]+:).*\.(?:json|ndjson|jsonl|csv|parquet)$/is,
    open: async (path, { values = "numeric" }) => (await import("./sinks/file.ts")).openFileSink(path, { values }),
    file: (path) => `${path}.journal`,
  },
  {
    form: "pubsub://PROJECT/TOPIC",
    pattern: /^(pubsub:\/\/[^/]+\/[^/]+)$/i,
    open: async (address, options) => (await import("./sinks/pubsub.ts")).openPubsubSink(address, { values: "numeric", ...options }),
  },
];

/** The store of an address. Throws NOT_FOUND where no store has such addresses, and what the store throws. */
export function openStore(address: string, options: StoreOptions = {}): Promise<Catalogue | Sink | ResumableSink> {
  return openOne<Catalogue | Sink | ResumableSink>([...catalogues, ...sinks], address, options);
}

/** Would opening find something, and not make it? What is no file is found by opening it. */
export function isStoreThere(address: string): boolean {
  for (const { pattern, file } of [...catalogues, ...sinks]) {
    const found = pattern.exec(address);
    if (found !== null) return file === undefined || existsSync(file(found[1] ?? address));
  }
  return true;
}

/** The same, where records must be given back. */
export async function openCatalogue(address: string, options: StoreOptions = {}): Promise<Catalogue> {
  const sink = sinks.find(({ pattern }) => pattern.test(address));
  if (sink !== undefined)
    throw new ImagemetaError("NOT_FOUND", `${address} only takes records: give a catalogue, such as ${formsOf(catalogues)}`);
  return openOne(catalogues, address, options);
}

async function openOne<Store>(kinds: readonly Kind<Store>[], address: string, options: StoreOptions): Promise<Store> {
  for (const { pattern, open } of kinds) {
    const found = pattern.exec(address);
    if (found !== null) return open(found[1] ?? address, options);
  }
  throw new ImagemetaError("NOT_FOUND", `${address} is no address of a store; known are ${formsOf(kinds)}`);
}

function formsOf(kinds: readonly { readonly form: string }[]): string {
  return kinds.map(({ form }) => form).join(", ");
}
