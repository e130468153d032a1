/**
 * `node tools/runtime-files.ts FOLDER`: what imagemeta needs to run, and nothing else, for an image: the built JavaScript, and of the
 * packages that the build leaves apart, and of those that they need, what Node may load. Licences are kept.
 */
import { cpSync, existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { APART } from "./apart.ts";

const root = resolve(import.meta.dirname, "..");
const [destination] = process.argv.slice(2);
if (destination === undefined) throw new Error("name the folder to copy into");

const LICENCE = /^(licen[cs]e|notice|copying)/i;
/** Types, sources, source maps, documents, and what only tools read. */
const IDLE_FILE = /\.([cm]?tsx?|map|md|markdown|flow|ya?ml|html|css|tgz)$|^\./i;
/** In a package's own folder. `src` there is what a build was made from where there is a build. */
const IDLE_FOLDER = /^(tests?|__tests__|docs?|examples?|bench(marks?)?|coverage|man|\.github)$/;

/** The folder of a package as Node finds it from another; undefined where it is not installed. */
function folderOf(name: string, from: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
  }
  return undefined;
}

/** With all that it depends on. Types are no code; what is optional, or a peer, may be missing. */
function collect(name: string, from: string, found: Set<string>, isNeeded: boolean): Set<string> {
  const folder = folderOf(name, from);
  if (folder === undefined && isNeeded) throw new Error(`${name}, which ${from} needs, is not installed`);
  if (folder === undefined || found.has(folder)) return found;
  found.add(folder);
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
  } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const other of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
    if (!other.startsWith("@types/")) collect(other, folder, found, other in dependencies && !(other in optionalDependencies));
  return found;
}

function copy(folder: string): void {
  const to = join(destination ?? "", relative(root, folder));
  cpSync(folder, to, {
    recursive: true,
    filter(path) {
      const inside = relative(folder, path);
      if (inside === "") return true;
      const name = inside.slice(inside.lastIndexOf("/") + 1);
      if (name === "node_modules" || (inside === name && IDLE_FOLDER.test(name))) return false;
      return LICENCE.test(name) || !IDLE_FILE.test(name);
    },
  });
}

const packages = APART.reduce((found, name) => collect(name, root, found, true), new Set<string>());
for (const folder of packages) copy(folder);
for (const part of ["dist/cli/main.js", "dist/chunks", "dist/reading", "dist/THIRD-PARTY.txt", "package.json"])
  cpSync(join(root, part), join(destination, part), { recursive: true });
