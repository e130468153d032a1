/** Where records are printed: stdout, or a file that is written beside its place and renamed when whole. */
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { ImagemetaError } from "../record/errors.ts";
import { makeFolder } from "../stores/formats/folder.ts";
import type { RecordFormat } from "../stores/formats/format.ts";

export interface Output<Item> {
  /** A promise where the stream takes no more for now. */
  write(record: Item): Promise<void> | undefined;
  /** All is written: the file takes its place. */
  close(): Promise<void>;
  /** It was interrupted: what was printed is closed properly, a file is left as it was. */
  abandon(): Promise<void>;
}

/** @param path a file; stdout where it is undefined */
export async function openOutput<Item>(path: string | undefined, format: RecordFormat<Item>): Promise<Output<Item>> {
  return path === undefined ? new TextOutput(process.stdout, format) : FileOutput.open(path, format);
}

/** Records that come fast are written in pieces of this many characters; slow ones one by one, after this many milliseconds. */
const PIECE = 1 << 16;
const SLOW = 100;

class TextOutput<Item> implements Output<Item> {
  readonly #stream: Writable;
  readonly #format: RecordFormat<Item>;
  #count = 0;
  #waiting: string;
  #written = 0;

  constructor(stream: Writable, format: RecordFormat<Item>) {
    this.#stream = stream;
    this.#format = format;
    this.#waiting = format.head;
  }

  write(record: Item): Promise<void> | undefined {
    this.#waiting += this.#format.record(record, this.#count);
    this.#count++;
    return this.#waiting.length >= PIECE || performance.now() - this.#written > SLOW ? this.#flush() : undefined;
  }

  async close(): Promise<void> {
    this.#waiting += this.#format.tail(this.#count);
    await this.#flush();
  }

  #flush(): Promise<void> | undefined {
    const text = this.#waiting;
    this.#waiting = "";
    this.#written = performance.now();
    return this.#put(text);
  }

  async abandon(): Promise<void> {
    await this.close();
  }

  /** Resolves when the stream takes more: what reads slowly holds back what is read. */
  #put(text: string): Promise<void> | undefined {
    if (this.#stream.write(text)) return undefined;
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        this.#stream.off("drain", settle).off("error", settle).off("close", settle);
        if (error instanceof Error) reject(error);
        else resolve();
      };
      this.#stream.on("drain", settle).on("error", settle).on("close", settle);
    });
  }
}

class FileOutput<Item> implements Output<Item> {
  readonly #path: string;
  readonly #partial: string;
  readonly #stream: Writable;
  readonly #text: TextOutput<Item>;

  private constructor(path: string, partial: string, stream: Writable, format: RecordFormat<Item>) {
    this.#path = path;
    this.#partial = partial;
    this.#stream = stream;
    this.#text = new TextOutput(stream, format);
  }

  static async open<Item>(path: string, format: RecordFormat<Item>): Promise<FileOutput<Item>> {
    const partial = `${path}.${process.pid}.partial`;
    try {
      await makeFolder(dirname(path));
      const stream = createWriteStream(partial);
      await new Promise<void>((resolve, reject) => stream.once("open", () => resolve()).once("error", reject));
      // A later failure, such as a full disk, is met at the next write or at the end.
      stream.on("error", () => {});
      return new FileOutput(path, partial, stream, format);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  write(record: Item): Promise<void> | undefined {
    if (this.#stream.errored) throw unwritable(this.#path, this.#stream.errored);
    return this.#text.write(record)?.catch((cause) => {
      throw unwritable(this.#path, cause);
    });
  }

  async close(): Promise<void> {
    try {
      await this.#text.close();
      this.#stream.end();
      await finished(this.#stream);
      await rename(this.#partial, this.#path);
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
  }

  async abandon(): Promise<void> {
    this.#stream.destroy();
    await rm(this.#partial, { force: true });
  }
}

function unwritable(path: string, cause: unknown): ImagemetaError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ImagemetaError("UNAVAILABLE", `cannot write ${path}: ${why}; what stood there before is left as it was`, { cause });
}
