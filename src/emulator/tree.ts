// The files below a bucket's folder, kept in memory: a folder is read again only when its own modification time has moved.
import { readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isObjectName, SIDECAR } from "./names.ts";

// A folder changed within the clock's grain of being read may have changed again without its time moving.
const CLOCK_GRAIN_MS = 50;

/** One folder as it was last read. `lineage` names it and the folders above it, so that a symbolic link never leads back into them. */
interface Directory {
  readonly path: string;
  readonly name: string;
  readonly lineage: readonly string[];
  mtimeMs: number;
  settled: boolean;
  files: readonly string[];
  directories: ReadonlyMap<string, Directory>;
}

/** The names of all files below a folder, following symbolic links but not into a folder they lie in. */
export class FileTree {
  readonly #root: Directory;

  constructor(path: string) {
    this.#root = unread(path, "", []);
  }

  /** The paths of all files, relative and with `/`, in no order; `undefined` if nothing has changed since the last call. */
  changedNames(): string[] | undefined {
    if (!refresh(this.#root)) return undefined;
    const names: string[] = [];
    collect(this.#root, names);
    return names;
  }
}

const unread = (path: string, name: string, lineage: readonly string[]): Directory => ({
  path,
  name,
  lineage,
  mtimeMs: Number.NaN,
  settled: false,
  files: [],
  directories: new Map(),
});

/** Reads the folders that have changed; whether there were any. */
function refresh(directory: Directory): boolean {
  const stat = statOf(directory.path);
  if (stat === undefined) return false;
  let changed = false;
  if (stat.mtimeMs !== directory.mtimeMs || !directory.settled) {
    read(directory, stat);
    changed = true;
  }
  for (const below of directory.directories.values()) changed = refresh(below) || changed;
  return changed;
}

function read(directory: Directory, stat: Stats): void {
  const lineage = [...directory.lineage, `${stat.dev}:${stat.ino}`];
  const files: string[] = [];
  const directories = new Map<string, Directory>();
  let dangling = false;
  for (const entry of readdirSync(directory.path, { withFileTypes: true })) {
    const name = directory.name === "" ? entry.name : `${directory.name}/${entry.name}`;
    if (entry.name === SIDECAR || !isObjectName(name)) continue;
    const target = entry.isSymbolicLink() ? statOf(join(directory.path, entry.name)) : entry;
    if (target === undefined) {
      dangling = true;
    } else if (target.isFile()) {
      files.push(name);
    } else if (target.isDirectory()) {
      if (entry.isSymbolicLink() && lineage.includes(`${(target as Stats).dev}:${(target as Stats).ino}`)) continue;
      directories.set(entry.name, directory.directories.get(entry.name) ?? unread(join(directory.path, entry.name), name, lineage));
    }
  }
  directory.mtimeMs = stat.mtimeMs;
  directory.settled = !dangling && Date.now() - stat.mtimeMs > CLOCK_GRAIN_MS;
  directory.files = files;
  directory.directories = directories;
}

function collect(directory: Directory, names: string[]): void {
  for (const name of directory.files) names.push(name);
  for (const below of directory.directories.values()) collect(below, names);
}

/** What lies at a path, links followed; `undefined` if nothing does. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A file where a folder should be (ENOTDIR), a circle of links (ELOOP), a name too long (ENAMETOOLONG): nothing lies there.
    return undefined;
  }
}
