// What files cannot say of their objects (generation, content type, custom metadata, checksums), as lines of JSON that survive a restart.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The properties of an object that its owner may set: the JSON API's names. */
export interface WritableFields {
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  contentType?: string;
  customTime?: string;
  /** STANDARD if absent; set when the object is made, not changed. */
  storageClass?: string;
  metadata?: Record<string, string>;
}

/** One version of one object. Times are in milliseconds; `mtimeMs` and `size` tell whether the file still is this version. */
export interface Version {
  readonly name: string;
  readonly generation: number;
  readonly metageneration: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly timeCreated: number;
  readonly updated: number;
  readonly fields: WritableFields;
  /** Held in the sidecar folder, because the name cannot be a file's. */
  readonly beside?: true;
  /** Absent until computed; a composite object has none. */
  readonly md5?: string;
  readonly crc32c?: string;
  readonly componentCount?: number;
}

/** The last generation of an object that is gone: a later one of that name has to be above it. */
interface Gone {
  readonly name: string;
  readonly gone: number;
}

export type JournalEntry = Version | Gone;

/** The newest entry of each name. Appending is the only change; opening drops what has been replaced. */
export class Journal {
  readonly #path: string;
  readonly #entries = new Map<string, JournalEntry>();
  #writable = true;

  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    const lines = readFileSync(path, "utf8").split("\n");
    for (const line of lines) {
      const entry = parsed(line);
      if (entry !== undefined) this.#entries.set(entry.name, entry);
    }
    const cutShort = lines.at(-1) !== "";
    if (cutShort || lines.length > 2 * this.#entries.size + 100) this.#compact();
  }

  get(name: string): JournalEntry | undefined {
    return this.#entries.get(name);
  }

  entries(): IterableIterator<JournalEntry> {
    return this.#entries.values();
  }

  /** Remembers an entry until the emulator ends. */
  remember(entry: JournalEntry): void {
    this.#entries.set(entry.name, entry);
  }

  /** Remembers an entry for good. A folder that cannot be written is served all the same, from memory. */
  write(entry: JournalEntry): void {
    this.remember(entry);
    if (!this.#writable) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
    } catch (thrown) {
      if (!["EROFS", "EACCES", "EPERM"].includes((thrown as NodeJS.ErrnoException).code ?? "")) throw thrown;
      this.#writable = false;
    }
  }

  #compact(): void {
    const whole = `${this.#path}.new`;
    writeFileSync(whole, Array.from(this.#entries.values(), (entry) => `${JSON.stringify(entry)}\n`).join(""));
    renameSync(whole, this.#path);
  }
}

/** A line's entry; `undefined` for the last line when writing it was cut short. */
function parsed(line: string): JournalEntry | undefined {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
