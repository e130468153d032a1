/** Inputs on disk: the bytes, and beside them the context of a block. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Input } from "./engine.ts";

export function readInput(path: string): Input {
  const beside = `${path}.json`;
  return { bytes: readFileSync(path), ...(existsSync(beside) ? (JSON.parse(readFileSync(beside, "utf8")) as Omit<Input, "bytes">) : {}) };
}

/** Writes an input to `path`. */
export function writeInput(path: string, { bytes, context }: Input): void {
  writeFileSync(path, bytes);
  if (context !== undefined) writeFileSync(`${path}.json`, JSON.stringify({ context }));
}

/** Keeps an input in `folder` by the hash of its bytes; returns its path. */
export function keepInput(folder: string, input: Input): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${createHash("sha256").update(input.bytes).digest("hex").slice(0, 16)}.bin`);
  writeInput(path, input);
  return path;
}
