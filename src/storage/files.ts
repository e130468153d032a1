/** Local files and folders. A file is pinned by its descriptor, and by size, time and inode while it is read. */
import type { BigIntStats, Dirent } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readWhole } from "../async/read-whole.ts";
import { ImagemetaError } from "../record/errors.ts";
import type { ErrorCode, ObjectInfo } from "../record/types.ts";
import type { ByteRange, Location, Storage, StorageObject, StoredObject } from "./contract.ts";
import { WholeObject } from "./whole.ts";

const PAGE = 1000;

export interface FilesOptions {
  /** Bytes of a pipe or device, which is read whole. */
  readonly wholeBytes: number;
}

export function files(options: FilesOptions): Storage {
  return {
    list: (where, signal) => list(where, signal),
    open: (object, signal) => openFile(object, options, signal),
    async close() {},
  };
}

async function openFile({ uri }: StorageObject, options: FilesOptions, signal: AbortSignal): Promise<StoredObject> {
  const path = fileURLToPath(uri);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const found = await handle.stat({ bigint: true });
    if (found.isDirectory()) throw new ImagemetaError("NOT_AN_IMAGE", `${path} is a folder`);
    if (found.isFile()) return new OpenFile(path, handle, found);
    const bytes = await readWhole(handle.createReadStream({ autoClose: false }), options.wholeBytes, path, signal);
    await handle.close();
    return new WholeObject({ name: basename(path), size: bytes.length }, bytes);
  } catch (thrown) {
    await handle?.close();
    throw failure(thrown, path);
  }
}

class OpenFile implements StoredObject {
  readonly info: ObjectInfo;
  readonly size: number;
  readonly cost = { requests: 0, bytes: 0 };
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #opened: BigIntStats;

  constructor(path: string, handle: FileHandle, opened: BigIntStats) {
    this.#path = path;
    this.#handle = handle;
    this.#opened = opened;
    this.size = Number(opened.size);
    this.info = infoOf(basename(path), this.size, opened.mtime);
  }

  async read(ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array[]> {
    try {
      const parts: Uint8Array[] = [];
      for (const { start, end } of ranges) {
        signal.throwIfAborted();
        parts.push(await this.#readRange(start, Math.min(end, this.size)));
      }
      const now = await this.#handle.stat({ bigint: true });
      if (now.mtimeNs !== this.#opened.mtimeNs || now.size !== this.#opened.size || now.ino !== this.#opened.ino) {
        throw new ImagemetaError("CHANGED", `${this.#path} was written to while it was read`);
      }
      return parts;
    } catch (thrown) {
      throw failure(thrown, this.#path);
    }
  }

  async #readRange(start: number, end: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, end - start));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) throw new ImagemetaError("CHANGED", `${this.#path} was cut while it was read`);
      filled += bytesRead;
      this.cost.bytes += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function infoOf(name: string, size: number, modified: Date): ObjectInfo {
  return { name, size, updated: modified.toISOString() };
}

async function* list(where: Location, signal: AbortSignal): AsyncIterable<readonly Required<StorageObject>[]> {
  const root = fileURLToPath(where.root);
  const { nameFilter } = await import("./glob.ts");
  const wanted = nameFilter(where);
  let page: Required<StorageObject>[] = [];
  const walk = new Walk(root);
  for await (const name of walk.files("", signal)) {
    if (!wanted(name)) continue;
    const path = `${root}${name}`;
    // A file that goes away between the two calls is no longer part of the list.
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) continue;
    page.push({ uri: pathToFileURL(path).href, info: infoOf(basename(path), found.size, found.mtime) });
    if (page.length === PAGE) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** A walk in the order of names. Links to folders are followed, each folder once, and never to one above. */
class Walk {
  readonly #root: string;
  readonly #throughLinks = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  async *files(folder: string, signal: AbortSignal): AsyncGenerator<string> {
    signal.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = await readdir(`${this.#root}${folder}`, { withFileTypes: true });
    } catch (thrown) {
      throw failure(thrown, `${this.#root}${folder}`);
    }
    const named: { name: string; key: Buffer; isFolder: boolean }[] = [];
    for (const entry of entries) {
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await this.#isFolderToFollow(`${folder}${entry.name}`)));
      if (!isFolder && !entry.isFile() && !entry.isSymbolicLink()) continue;
      const name = isFolder ? `${entry.name}/` : entry.name;
      named.push({ name, key: Buffer.from(name), isFolder });
    }
    named.sort((a, b) => Buffer.compare(a.key, b.key));
    for (const { name, isFolder } of named) {
      if (isFolder) yield* this.files(`${folder}${name}`, signal);
      else yield `${folder}${name}`;
    }
  }

  async #isFolderToFollow(name: string): Promise<boolean> {
    const path = `${this.#root}${name}`;
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) return false;
    const [target, parent] = await Promise.all([realpath(path), realpath(path.slice(0, path.lastIndexOf("/") + 1))]);
    if (`${parent}/`.startsWith(`${target}/`) || this.#throughLinks.has(target)) return false;
    this.#throughLinks.add(target);
    return true;
  }
}

const CODES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ["NOT_FOUND", "there is no such file; check the path"],
  ENOTDIR: ["NOT_FOUND", "a part of the path is no folder; check the path"],
  ENAMETOOLONG: ["NOT_FOUND", "the path is longer than the system takes"],
  ELOOP: ["NOT_FOUND", "its symbolic links lead in a circle"],
  EACCES: ["FORBIDDEN", "this user may not read it; give read permission (chmod +r, and +x on its folders)"],
  EPERM: ["FORBIDDEN", "the system does not allow to read it"],
  EMFILE: ["UNAVAILABLE", "too many files are open; lower --concurrency or raise `ulimit -n`"],
  ENFILE: ["UNAVAILABLE", "the system has too many files open"],
};

function failure(thrown: unknown, path: string): unknown {
  const { code } = thrown as NodeJS.ErrnoException;
  if (thrown instanceof ImagemetaError || typeof code !== "string" || !(thrown instanceof Error) || thrown.name === "AbortError")
    return thrown;
  const [kind, why] = CODES[code] ?? ["UNAVAILABLE", thrown.message];
  return new ImagemetaError(kind, `${path} could not be read: ${why}`, { cause: thrown });
}
