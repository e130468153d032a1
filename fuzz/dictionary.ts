/** Texts and tags that the engine's own sources name: what a generator has to say to be understood. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Dictionary {
  readonly texts: readonly string[];
  /** Numbers of tags. */
  readonly tags: readonly number[];
}

/** The literals of the modules below `root`. */
export function dictionaryOf(root: string): Dictionary {
  const [texts, tags] = [new Set(["a"]), new Set([1])];
  const folder = fileURLToPath(root);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || !name.includes("metadata")) continue;
    const source = readFileSync(join(folder, name), "utf8");
    for (const [, text = ""] of source.matchAll(/"((?:[^"\\\n]){2,40})"/g)) texts.add(text);
    for (const [key = ""] of source.matchAll(/\b[A-Za-z][A-Za-z0-9]{2,40}(?=:)/g)) texts.add(key);
    for (const [hex] of source.matchAll(/\b0x[0-9a-f]{3,4}\b/g)) tags.add(Number(hex));
  }
  return { texts: [...texts], tags: [...tags] };
}
