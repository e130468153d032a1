/** The files of deploy/, and the containers that they run. */
import { readdirSync, readFileSync } from "node:fs";
import { parse, parseAllDocuments } from "yaml";

const root = new URL("../../deploy/", import.meta.url);

export interface Container {
  readonly name?: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

// biome-ignore lint/suspicious/noExplicitAny: what a file holds is what the tests look at
export type Manifest = any;

const text = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** The only document of a file. */
export const manifest = (path: string): Manifest => parse(text(path));

export const documents = (path: string): Manifest[] => parseAllDocuments(text(path)).map((document) => document.toJS());

/** Paths of all files below a folder of deploy/ that end so. */
export const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(new URL(folder, root), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith(ending))
    .sort();

/** The value of `--name=value`. */
export function argument({ args }: Container, name: string): string | undefined {
  return args.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** The arguments with other values of these options. Throws where one is not there. */
export function withArguments({ args }: Container, values: Readonly<Record<string, string>>): string[] {
  const changed = [...args];
  for (const [name, value] of Object.entries(values)) {
    const at = changed.findIndex((word) => word.startsWith(`--${name}=`));
    if (at < 0) throw new Error(`no --${name} in ${args.join(" ")}`);
    changed[at] = `--${name}=${value}`;
  }
  return changed;
}
