// Bytes on their way into a bucket: written to a file in the sidecar folder, and checked against the checksums that came with them.
// Google Cloud Storage "Data validation".
import { randomUUID } from "node:crypto";
import { copyFileSync, constants as fileConstants, mkdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { NewContent } from "./bucket.ts";
import { ChecksumWriter } from "./checksums.ts";
import { invalid } from "./failures.ts";

/** What an upload says of its own bytes, in base64. */
export interface ClaimedChecksums {
  readonly md5?: string | undefined;
  readonly crc32c?: string | undefined;
}

/** A new file's path in the folder for what is not yet an object. */
export function incomingFile(sidecar: string): string {
  mkdirSync(join(sidecar, "incoming"), { recursive: true });
  return join(sidecar, "incoming", randomUUID());
}

/** Writes chunks to a new file. If they break off, the file is removed and the error passed on. */
export async function receive(
  sidecar: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<NewContent & { length: number }> {
  const file = incomingFile(sidecar);
  const writer = new ChecksumWriter();
  let length = 0;
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "wx");
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      writer.write(chunk);
      length += chunk.length;
    }
    await handle.close();
    return { file, checksums: writer.end(), length };
  } catch (thrown) {
    await handle?.close();
    rmSync(file, { force: true });
    throw thrown;
  }
}

/** A copy of a file in the folder for what is not yet an object; without copying bytes where the file system can. */
export function copied(sidecar: string, file: string): string {
  const copy = incomingFile(sidecar);
  copyFileSync(file, copy, fileConstants.COPYFILE_FICLONE);
  return copy;
}

/** Throws a 400, and removes the file, if the bytes are not those that were promised. */
export function checkContent(content: NewContent, claimed: ClaimedChecksums): void {
  for (const [kind, label] of [
    ["md5", "MD5"],
    ["crc32c", "CRC32C"],
  ] as const) {
    if (claimed[kind] === undefined || claimed[kind] === content.checksums[kind]) continue;
    rmSync(content.file, { force: true });
    const hash = kind === "md5" ? "MD5 hash" : label;
    throw invalid(`Provided ${hash} "${claimed[kind]}" doesn't match calculated ${hash} "${content.checksums[kind]}".`);
  }
}

/** The checksums that the header `x-goog-hash` claims. */
export function claimedByHeader(header: string | string[] | undefined): ClaimedChecksums {
  const text = header?.toString() ?? "";
  return { md5: /\bmd5=([\w+/=]+)/.exec(text)?.[1], crc32c: /\bcrc32c=([\w+/=]+)/.exec(text)?.[1] };
}
