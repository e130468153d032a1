/** A bucket of the emulator, for tests. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../src/emulator/server.ts";

export interface TestBucket {
  readonly emulator: Emulator;
  /** Inserts an object through the JSON API; `fields` are query parameters such as `contentEncoding`. Gives its generation. */
  put(name: string, bytes: Uint8Array, fields?: Readonly<Record<string, string>>, contentType?: string): Promise<string>;
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}

/** The bucket is called `photos`. */
export async function openBucket(): Promise<TestBucket> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bucket-"));
  mkdirSync(join(folder, "photos"));
  const emulator = await startEmulator({ folder, port: 0 });
  return {
    emulator,
    async put(name, bytes, fields = {}, contentType = "image/jpeg") {
      const query = new URLSearchParams({ uploadType: "media", name, ...fields });
      const answer = await fetch(`${emulator.url}/upload/storage/v1/b/photos/o?${query}`, {
        method: "POST",
        body: new Uint8Array(bytes),
        headers: { "content-type": contentType },
      });
      if (!answer.ok) throw new Error(await answer.text());
      return ((await answer.json()) as { generation: string }).generation;
    },
    async remove(name) {
      await fetch(`${emulator.url}/storage/v1/b/photos/o/${encodeURIComponent(name)}`, { method: "DELETE" });
    },
    async close() {
      await emulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}
