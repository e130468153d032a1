import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { files } from "../../src/storage/files.ts";
import { gcs } from "../../src/storage/gcs/storage.ts";
import { http } from "../../src/storage/http/storage.ts";
import { resolveOptions } from "../../src/storage/options.ts";
import { type Place, storageConformance } from "../conformance/storage.ts";
import { openBucket } from "./bucket.ts";
import { sendRange, serve } from "./web-server.ts";

const options = resolveOptions({ backoff: 1, concurrency: 4 });

const openFiles = async (): Promise<Place> => {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-files-"));
  return {
    storage: files(options),
    where: { root: `${pathToFileURL(folder).href}/` },
    absent: pathToFileURL(join(folder, "absent.jpg")).href,
    async put(name, bytes) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, bytes);
      renameSync(`${path}.new`, path);
      return pathToFileURL(path).href;
    },
    async close() {
      rmSync(folder, { recursive: true });
    },
  };
};

storageConformance("files", openFiles, { lists: true });

async function bucketPlace(fields: Record<string, string>, stored: (bytes: Uint8Array) => Uint8Array): Promise<Place> {
  const bucket = await openBucket();
  const storage = gcs(resolveOptions({ ...options, emulatorHost: bucket.emulator.url }));
  return {
    storage,
    absent: "gs://photos/absent.jpg",
    async put(name, bytes) {
      await bucket.put(name, stored(bytes), fields);
      return `gs://photos/${name}`;
    },
    async close() {
      await storage.close();
      await bucket.close();
    },
  };
}

const openGcs = async () => ({ ...(await bucketPlace({}, (bytes) => bytes)), where: { root: "gs://photos" } });
storageConformance("gcs", openGcs, { lists: true });
storageConformance("gcs, stored compressed", () => bucketPlace({ contentEncoding: "gzip" }, (bytes) => gzipSync(bytes)));
storageConformance("gcs, said to be compressed and not so", () => bucketPlace({ contentEncoding: "gzip" }, (bytes) => bytes));

function webPlace(headersOf: (etag: string) => Record<string, string>, isRanged: boolean, stored = (bytes: Uint8Array) => bytes) {
  return async (): Promise<Place> => {
    const objects = new Map<string, Uint8Array>();
    const server = await serve((request, response) => {
      const bytes = objects.get(request.url ?? "");
      if (bytes === undefined) {
        response.writeHead(404).end("nothing here");
        return;
      }
      const headers = headersOf(`"${createHash("md5").update(bytes).digest("hex")}"`);
      if (isRanged) sendRange(request, response, bytes, headers);
      else response.writeHead(200, headers).end(bytes);
    });
    const storage = http(options);
    return {
      storage,
      absent: `${server.url}/absent.jpg`,
      async put(name, bytes) {
        const path = `/${encodeURIComponent(name)}`;
        objects.set(new URL(path, server.url).pathname, stored(bytes));
        return `${server.url}${path}`;
      },
      async close() {
        await storage.close();
        await server.close();
      },
    };
  };
}

const typed = { "content-type": "image/jpeg" };
storageConformance(
  "http with ranges and ETag",
  webPlace((etag) => ({ ...typed, etag }), true),
);
storageConformance(
  "http with a weak ETag",
  webPlace((etag) => ({ ...typed, etag: `W/${etag}` }), true),
);
storageConformance(
  "http without ranges",
  webPlace((etag) => ({ ...typed, etag }), false),
);
storageConformance(
  "http that compresses, in chunks",
  webPlace(
    (etag) => ({ ...typed, etag, "content-encoding": "gzip" }),
    false,
    (bytes) => gzipSync(bytes),
  ),
);
