// One bucket: a folder whose files are its objects, with a sidecar folder for what files cannot say.
// An object whose name cannot be a file's path (`a/`, `../x`, a name that is also a folder) is held in the sidecar by the hash of its name.
import { copyFileSync, mkdirSync, renameSync, rmdirSync, rmSync, type Stats, statSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { compareNames } from "../record/name-order.ts";
import { type Checksums, checksumsOfFile, checksumsOfFileSync } from "./checksums.ts";
import { contentTypeOf } from "./content-types.ts";
import { Journal, type JournalEntry, type Version, type WritableFields } from "./journal.ts";
import { fileNameBeside, isFilePath } from "./names.ts";
import { FileTree, statOf } from "./tree.ts";

/** The bytes of a new object, written to a file that the bucket takes over. */
export interface NewContent {
  readonly file: string;
  readonly checksums: { readonly md5?: string; readonly crc32c: string };
  readonly componentCount?: number;
}

/** What the API has done to an object. A version that was made may have `replaced` another. */
export interface Change {
  readonly kind: "made" | "changed" | "removed";
  readonly version: Version;
  readonly replaced?: Version | undefined;
}

/** Who is told of each change, at once and in order. Files that are changed behind the API's back are no changes in this sense. */
export interface ChangeListener {
  /** Whether the versions of an object shall have their checksums when they are told of. */
  wantsResource(bucket: Bucket, name: string): boolean;
  tell(bucket: Bucket, change: Change): void;
}

export class Bucket {
  readonly name: string;
  readonly folder: string;
  /** The bucket's own part of the sidecar folder. */
  readonly sidecar: string;
  readonly #tree: FileTree;
  readonly #journal: Journal;
  readonly #listener: ChangeListener;
  readonly #hashing = new Map<string, Promise<Version>>();
  #files: readonly string[] = [];
  #names: readonly string[] | undefined;

  constructor(name: string, folder: string, sidecar: string, listener: ChangeListener) {
    this.name = name;
    this.folder = folder;
    this.sidecar = sidecar;
    this.#listener = listener;
    this.#tree = new FileTree(folder);
    this.#journal = new Journal(join(sidecar, "objects.ndjson"));
  }

  /** When the folder was made, in milliseconds. */
  get timeCreated(): number {
    const stat = statSync(this.folder);
    return Math.min(stat.birthtimeMs || stat.mtimeMs, stat.mtimeMs);
  }

  /** The names of all objects, ordered by their UTF-8 bytes. */
  names(): readonly string[] {
    const files = this.#tree.changedNames();
    if (files !== undefined) this.#files = files;
    if (files !== undefined || this.#names === undefined) {
      const names = new Set(this.#files);
      for (const entry of this.#journal.entries()) if (isBeside(entry)) names.add(entry.name);
      this.#names = [...names].sort(compareNames);
    }
    return this.#names;
  }

  /** The live version of an object: what its file is at this moment. */
  find(name: string): Version | undefined {
    const entry = this.#journal.get(name);
    if (isFilePath(name)) {
      const stat = statOf(join(this.folder, name));
      if (stat?.isFile()) return this.#versionOfFile(name, stat, entry);
    }
    return isBeside(entry) ? entry : undefined;
  }

  /** The file that holds a version's bytes. */
  fileOf(version: Version): string {
    return version.beside ? this.#fileBeside(version.name) : join(this.folder, version.name);
  }

  /** The version with its checksums, computed if nobody has asked before. */
  hashed(version: Version): Promise<Version> {
    if (version.crc32c !== undefined) return Promise.resolve(version);
    const key = `${version.generation} ${version.name}`;
    let hashing = this.#hashing.get(key);
    if (hashing === undefined) {
      hashing = this.#hash(version).finally(() => this.#hashing.delete(key));
      this.#hashing.set(key, hashing);
    }
    return hashing;
  }

  /** Makes a file the live version of an object. The generation only ever rises. */
  put(name: string, content: NewContent, fields: WritableFields): Version {
    const replaced = this.#complete(this.find(name));
    const last = Math.max(lastOf(this.#journal.get(name)), lastOf(replaced));
    const beside = !isFilePath(name) || !this.#placeFile(content.file, name);
    if (beside) {
      mkdirSync(join(this.sidecar, "beside"), { recursive: true });
      move(content.file, this.#fileBeside(name));
    } else if (isBeside(this.#journal.get(name))) {
      rmSync(this.#fileBeside(name), { force: true });
    }
    const stat = statSync(beside ? this.#fileBeside(name) : join(this.folder, name));
    const now = Date.now();
    const version: Version = {
      name,
      generation: Math.max(now * 1000, last + 1),
      metageneration: 1,
      size: stat.size,
      mtimeMs: stat.mtimeMs,
      timeCreated: now,
      updated: now,
      fields,
      ...(beside ? { beside } : {}),
      ...content.checksums,
      ...(content.componentCount === undefined ? {} : { componentCount: content.componentCount }),
    };
    this.#journal.write(version);
    if (beside) this.#names = undefined;
    this.#listener.tell(this, { kind: "made", version, replaced });
    return version;
  }

  /** Gives the live version other properties: its metageneration rises. */
  change(version: Version, fields: WritableFields): Version {
    const changed: Version = {
      ...this.#complete(version),
      fields,
      metageneration: version.metageneration + 1,
      updated: Math.max(Date.now(), version.updated),
    };
    this.#journal.write(changed);
    this.#listener.tell(this, { kind: "changed", version: changed });
    return changed;
  }

  /** Deletes the live version, and the folders that it leaves empty. */
  remove(version: Version): void {
    const removed = this.#complete(version);
    unlinkSync(this.fileOf(version));
    this.#journal.write({ name: version.name, gone: version.generation });
    if (version.beside) this.#names = undefined;
    else this.#removeEmptyFolders(version.name);
    this.#listener.tell(this, { kind: "removed", version: removed });
  }

  #versionOfFile(name: string, stat: Stats, entry: JournalEntry | undefined): Version {
    if (entry !== undefined && !("gone" in entry) && !entry.beside && entry.mtimeMs === stat.mtimeMs && entry.size === stat.size)
      return entry;
    const found: Version = {
      name,
      generation: Math.max(Math.floor(stat.mtimeMs * 1000), lastOf(entry) + 1),
      metageneration: 1,
      size: stat.size,
      mtimeMs: stat.mtimeMs,
      timeCreated: Math.floor(stat.mtimeMs),
      updated: Math.floor(stat.mtimeMs),
      fields: { contentType: contentTypeOf(name) },
    };
    // A first sight follows from the file alone; a replacement follows from what was there before, too.
    if (entry === undefined) this.#journal.remember(found);
    else this.#journal.write(found);
    return found;
  }

  async #hash(version: Version): Promise<Version> {
    const checksums: Checksums = await checksumsOfFile(this.fileOf(version));
    const live = this.find(version.name);
    if (live === undefined || live.generation !== version.generation) return { ...version, ...checksums };
    const hashed: Version = { ...live, ...checksums };
    this.#journal.write(hashed);
    return hashed;
  }

  /** The version with its checksums if the listener wants them: soon its file may be gone. */
  #complete<Found extends Version | undefined>(version: Found): Found {
    if (version === undefined || version.crc32c !== undefined || !this.#listener.wantsResource(this, version.name)) return version;
    return { ...version, ...checksumsOfFileSync(this.fileOf(version)) };
  }

  /** Moves a file to an object's path; false if another object or folder is in the way, or the name is too long. */
  #placeFile(file: string, name: string): boolean {
    const path = join(this.folder, name);
    try {
      mkdirSync(dirname(path), { recursive: true });
      move(file, path);
      return true;
    } catch (thrown) {
      if (["ENOTDIR", "EEXIST", "EISDIR", "ENOTEMPTY", "ENAMETOOLONG"].includes((thrown as NodeJS.ErrnoException).code ?? "")) return false;
      throw thrown;
    }
  }

  #fileBeside(name: string): string {
    return join(this.sidecar, "beside", fileNameBeside(name));
  }

  #removeEmptyFolders(name: string): void {
    for (let folder = dirname(name); folder !== "."; folder = dirname(folder)) {
      try {
        rmdirSync(join(this.folder, folder));
      } catch {
        return;
      }
    }
  }
}

const isBeside = (entry: JournalEntry | undefined): entry is Version => entry !== undefined && "beside" in entry && entry.beside === true;

const lastOf = (entry: JournalEntry | undefined): number => (entry === undefined ? 0 : "gone" in entry ? entry.gone : entry.generation);

/** Renames a file; across file systems, where that cannot be, copies it. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EXDEV") throw thrown;
    copyFileSync(from, to);
    unlinkSync(from);
  }
}
