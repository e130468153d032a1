/** Records into one file: kept in a journal beside it, and written whole, by address as UTF-8 bytes, when all were put. */
import { dirname } from "node:path";
import { ImagemetaError } from "../../record/errors.ts";
import type { ImageRecord, ValueForm } from "../../record/types.ts";
import type { Held, ObjectUpdate, ObjectVersion, PutOutcome, ResumableSink } from "../contract.ts";
import { makeFolder } from "../formats/folder.ts";
import { ENDINGS, hasFormat, writeRecordFile } from "../formats/record-file.ts";
import { arrivalOfRecord, arrivalOfRemoval, arrivalOfUpdate } from "../merge.ts";
import { Journal } from "./journal.ts";

/**
 * Opens a file sink: `.json`, `.ndjson`, `.jsonl`, `.csv` or `.parquet`. A journal of an interrupted run is gone on with.
 * @throws ImagemetaError UNAVAILABLE where the folder cannot be written or another run writes the same file;
 *   MALFORMED where the journal holds the other form of values; UNSUPPORTED_FORMAT for another ending
 */
export async function openFileSink(path: string, { values }: { readonly values: ValueForm }): Promise<ResumableSink> {
  if (!hasFormat(path)) throw new ImagemetaError("UNSUPPORTED_FORMAT", `${path}: its ending names no format; take .${ENDINGS.join(", .")}`);
  try {
    await makeFolder(dirname(path));
  } catch (cause) {
    throw new ImagemetaError("UNAVAILABLE", `cannot write into the folder of ${path}: ${String(cause)}`, { cause });
  }
  return new FileSink(path, values, Journal.open(`${path}.journal`, values));
}

class FileSink implements ResumableSink {
  readonly values: ValueForm;
  readonly #path: string;
  readonly #journal: Journal;
  #isOpen = true;

  constructor(path: string, values: ValueForm, journal: Journal) {
    this.values = values;
    this.#path = path;
    this.#journal = journal;
  }

  async put(records: readonly ImageRecord[]): Promise<readonly PutOutcome[]> {
    return this.#journal.apply(records.map((record) => ({ uri: record.uri, arrival: () => arrivalOfRecord(this.#sameForm(record)) })));
  }

  async update(objects: readonly ObjectUpdate[]): Promise<readonly PutOutcome[]> {
    return this.#journal.apply(objects.map((object) => ({ uri: object.uri, arrival: () => arrivalOfUpdate(object) })));
  }

  async remove(gone: readonly ObjectVersion[]): Promise<readonly PutOutcome[]> {
    return this.#journal.apply(gone.map((object) => ({ uri: object.uri, arrival: () => arrivalOfRemoval(object) })));
  }

  async lookup(uris: readonly string[]): Promise<readonly (Held | undefined)[]> {
    return uris.map((uri) => this.#journal.lookup(uri));
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    await writeRecordFile(this.#path, this.#journal.records());
    this.#isOpen = false;
    this.#journal.remove();
  }

  async abandon(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#journal.close();
  }

  #sameForm(record: ImageRecord): ImageRecord {
    if (record.values === this.values) return record;
    throw new ImagemetaError(
      "MALFORMED",
      `${this.#path} takes ${this.values} values, and this record has ${record.values} ones: they do not mix`,
    );
  }
}
