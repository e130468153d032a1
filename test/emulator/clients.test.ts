/** The emulator under Google's own clients: the library for Node and the command line. */
import { execFile } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Storage } from "@google-cloud/storage";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { requireProgram } from "../requirements.ts";
import { emulatorOver } from "./running.ts";

// A download by the library has 11 listeners on one stream, and Node warns of more than 10.
EventEmitter.defaultMaxListeners = 12;

const emoji = "sub/é 😀.txt";

describe("@google-cloud/storage", () => {
  const bucketOf = (url: string) => new Storage({ apiEndpoint: url, projectId: "test", retryOptions: { maxRetries: 2 } }).bucket("photos");

  test("lists buckets and objects, page by page", async () => {
    const { url } = await emulatorOver({ "photos/a.txt": "a", "photos/b.txt": "b", [`photos/${emoji}`]: "c" });
    const [buckets] = await new Storage({ apiEndpoint: url, projectId: "test" }).getBuckets();
    expect(buckets.map(({ name }) => name)).toEqual(["photos"]);
    const [files] = await bucketOf(url).getFiles({ maxResults: 1 });
    expect(files.map(({ name }) => name)).toEqual(["a.txt"]);
    const [all] = await bucketOf(url).getFiles({ autoPaginate: true });
    expect(all.map(({ name }) => name)).toEqual(["a.txt", "b.txt", emoji]);
    const [, , response] = await bucketOf(url).getFiles({ delimiter: "/", autoPaginate: false });
    expect(response).toMatchObject({ prefixes: ["sub/"] });
  });

  test("saves, reads with validation, changes and deletes objects", async () => {
    const { url } = await emulatorOver({ "photos/a.txt": "0123456789" });
    const bucket = bucketOf(url);
    const file = bucket.file(emoji);
    expect(await file.exists()).toEqual([false]);
    await file.save("small", { resumable: false, validation: "crc32c", metadata: { contentType: "image/png", metadata: { by: "me" } } });
    expect((await file.getMetadata())[0]).toMatchObject({ name: emoji, size: "5", contentType: "image/png", metadata: { by: "me" } });
    expect((await file.download({ validation: "crc32c" }))[0].toString()).toBe("small");
    const large = Buffer.alloc(1_000_000, "resumable ");
    await file.save(large, { resumable: true, chunkSize: 1 << 19, validation: "md5" });
    expect((await file.download({ validation: "md5" }))[0].equals(large)).toBe(true);
    expect((await bucket.file("a.txt").download({ start: 3, end: 5 }))[0].toString()).toBe("345");
    await file.setMetadata({ metadata: { more: "yes" }, cacheControl: "no-cache" });
    expect((await file.getMetadata())[0]).toMatchObject({ metageneration: "2", cacheControl: "no-cache", metadata: { more: "yes" } });
    await file.copy(bucket.file("copy.txt"));
    expect((await bucket.file("copy.txt").getMetadata())[0]).toMatchObject({ size: "1000000" });
    await expect(file.delete({ ifGenerationMatch: 1 })).rejects.toMatchObject({ code: 412 });
    await file.delete();
    expect(await file.exists()).toEqual([false]);
    await expect(file.download()).rejects.toMatchObject({ code: 404 });
  });

  test("finds the emulator by STORAGE_EMULATOR_HOST", async () => {
    const { url } = await emulatorOver({ [`photos/${emoji}`]: "a" });
    vi.stubEnv("STORAGE_EMULATOR_HOST", url);
    onTestFinished(() => void vi.unstubAllEnvs());
    const bucket = new Storage({ projectId: "test" }).bucket("photos");
    await bucket.file("b").save("bytes", { resumable: false });
    expect((await bucket.getFiles())[0].map(({ name }) => name)).toEqual(["b", emoji]);
    expect((await bucket.file("b").download())[0].toString()).toBe("bytes");
  });

  test("saves and reads gzip", async () => {
    const { url } = await emulatorOver({ "photos/a.txt": "" });
    const file = bucketOf(url).file("zipped.txt");
    const text = "compressed ".repeat(1000);
    await file.save(text, { gzip: true, resumable: false });
    expect((await file.getMetadata())[0]).toMatchObject({ contentEncoding: "gzip" });
    expect((await file.download())[0].toString()).toBe(text);
  });

  test("makes, lists and removes notification configurations, which outlive a restart", async () => {
    const emulator = await emulatorOver({ "photos/a.txt": "" });
    const [made] = await bucketOf(emulator.url).createNotification("projects/test/topics/images", {
      eventTypes: ["OBJECT_FINALIZE"],
      objectNamePrefix: "sub/",
      customAttributes: { team: "a" },
    });
    expect(made.metadata).toMatchObject({
      kind: "storage#notification",
      id: "1",
      topic: "//pubsub.googleapis.com/projects/test/topics/images",
      payload_format: "JSON_API_V1",
      event_types: ["OBJECT_FINALIZE"],
      object_name_prefix: "sub/",
      custom_attributes: { team: "a" },
    });
    const bucket = bucketOf((await emulator.restart()).url);
    expect((await bucket.getNotifications())[0].map(({ id }) => id)).toEqual(["1"]);
    await bucket.notification("1").delete();
    expect((await bucket.getNotifications())[0]).toEqual([]);
    const [next] = await bucket.createNotification("projects/test/topics/images");
    expect(next.id).toBe("2");
  });

  test("gets through passing faults", async () => {
    const { url, faults } = await emulatorOver({ "photos/a.txt": "a" });
    faults.add({ kinds: ["503", "429"], times: 2 });
    const storage = new Storage({
      apiEndpoint: url,
      projectId: "test",
      retryOptions: { maxRetries: 4, retryDelayMultiplier: 1, maxRetryDelay: 0.01 },
    });
    expect((await storage.bucket("photos").file("a.txt").getMetadata())[0]).toMatchObject({ size: "1" });
  });
});

describe.runIf(requireProgram("gcloud", "install the Google Cloud CLI, https://cloud.google.com/sdk/docs/install"))(
  "gcloud storage",
  () => {
    async function gcloudOver(files: Record<string, string | Uint8Array>) {
      const emulator = await emulatorOver(files);
      const folder = mkdtempSync(join(tmpdir(), "imagemeta-gcloud-"));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const env = {
        ...process.env,
        CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${emulator.url}/`,
        CLOUDSDK_AUTH_DISABLE_CREDENTIALS: "true",
        CLOUDSDK_CORE_PROJECT: "test",
        CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
        CLOUDSDK_STORAGE_PROCESS_COUNT: "1",
        CLOUDSDK_CONFIG: join(folder, "config"),
      };
      const storage = async (...args: string[]): Promise<string[]> => {
        const { stdout } = await promisify(execFile)("gcloud", ["storage", ...args], { env, timeout: 60_000, killSignal: "SIGKILL" });
        return stdout.trimEnd().split("\n");
      };
      return { ...emulator, local: folder, storage };
    }

    test("ls and cat, by wildcard and over names with spaces and emoji", { timeout: 120_000 }, async () => {
      const { storage } = await gcloudOver({ "photos/a.txt": "hello", [`photos/${emoji}`]: "emoji", "photos/sub/deep/b.txt": "deep" });
      expect(await storage("ls", "gs://photos")).toEqual(["gs://photos/a.txt", "gs://photos/sub/"]);
      expect(await storage("ls", "gs://photos/**.txt")).toEqual([
        "gs://photos/a.txt",
        "gs://photos/sub/deep/b.txt",
        `gs://photos/${emoji}`,
      ]);
      expect(await storage("ls", "gs://photos/sub/*.txt")).toEqual([`gs://photos/${emoji}`]);
      expect(await storage("cat", `gs://photos/${emoji}`)).toEqual(["emoji"]);
    });

    test("cp up and down with checksums, rm", { timeout: 120_000 }, async () => {
      const large = Buffer.alloc(9 << 20, "large file ");
      const { storage, local, folder } = await gcloudOver({ "photos/a.txt": "hello", "photos/large.bin": large });
      const downloaded = join(local, "down.bin");
      await storage("cp", "gs://photos/large.bin", downloaded);
      expect(readFileSync(downloaded).equals(large)).toBe(true);
      writeFileSync(join(local, "small.txt"), "small");
      await storage("cp", join(local, "small.txt"), `gs://photos/${emoji}`);
      await storage("cp", downloaded, "gs://photos/up/large copy.bin");
      expect(readFileSync(join(folder, "photos", emoji), "utf8")).toBe("small");
      expect(readFileSync(join(folder, "photos/up/large copy.bin")).equals(large)).toBe(true);
      await storage("cp", "gs://photos/a.txt", "gs://photos/up/a.txt");
      await storage("rm", "gs://photos/a.txt");
      await storage("rm", "-r", "gs://photos/up");
      expect(await storage("ls", "-r", "gs://photos/**")).toEqual(["gs://photos/large.bin", `gs://photos/${emoji}`]);
    });
  },
);
