/** How many requests and bytes an image takes through `gcs`: over real images, and over photos with large headers. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImageRecord } from "../src/index.ts";
import { serveBucket } from "./bucket.ts";
import { type Measure, quantile } from "./measure.ts";

const root = new URL("..", import.meta.url).pathname;
const COUNTED = /^(JPEG|MPO|JPS|THM|A?PNG|PNG Plus|GIF|(Extended )?WEBP.*|HEI[CF]S?|AVIF)$/;

async function readBucket(folder: string, bucket: string, ...args: string[]): Promise<ImageRecord[]> {
  const served = await serveBucket(folder);
  try {
    const run = [`${root}dist/cli/main.js`, "--bucket", bucket, "--all", "--format", "ndjson", "--quiet", ...args];
    const printed = execFileSync(process.execPath, run, {
      env: { ...process.env, STORAGE_EMULATOR_HOST: served.url },
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return printed
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } catch (thrown) {
    // Some images of the folder are none: exit code 1, and all records.
    const { stdout } = thrown as { stdout?: Buffer };
    if (stdout === undefined || stdout.length === 0) throw thrown;
    return stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  } finally {
    await served.close();
  }
}

/** @param images a folder of images */
export async function measureRequests(images: string): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  try {
    symlinkSync(images, `${folder}/images`);
    const records = (await readBucket(folder, "images")).filter((record) => !record.error && COUNTED.test(record.format));
    const share = (most: number) => records.filter(({ read }) => read.requests <= most).length / records.length;
    const large = records.filter(({ object }) => (object.size ?? 0) > 256 << 10).map(({ read }) => read.bytes / 1024);
    const line = (what: string, ratio: number, limit: string, holds: boolean): Measure => ({ what, ratio, limit, holds });
    return [
      line(`share of ${records.length} images answered in one request`, share(1), "at least 0.95", share(1) >= 0.95),
      line("share answered in two", share(2), "at least 0.99", share(2) >= 0.99),
      line(`median of KiB read of ${large.length} files above 256 KiB`, quantile(large, 0.5), "at most 64", quantile(large, 0.5) <= 64),
      line("95th percentile of the same", quantile(large, 0.95), "at most 256", quantile(large, 0.95) <= 256),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** 500 photos with 150 KB of headers: the first read grows until one request is enough. */
export async function measureAdaptation(): Promise<Measure> {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-bench-"));
  try {
    mkdirSync(`${folder}/large-headers`);
    const photo = photoWithHeaders(150_000);
    for (let i = 0; i < 500; i++) writeFileSync(`${folder}/large-headers/${String(i).padStart(3, "0")}.jpg`, photo);
    const records = await readBucket(folder, "large-headers", "--concurrency", "4");
    const late = records.slice(100);
    const share = late.filter(({ read }) => read.requests === 1).length / late.length;
    const early = records.slice(0, 20).filter(({ read }) => read.requests === 1).length / 20;
    return {
      what: `share answered in one request of 500 photos with 150 KB of headers, from the 101st (${early} of the first 20)`,
      ratio: share,
      limit: "at least 0.95",
      holds: share >= 0.95,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A JPEG whose frame header stands behind `bytes` of application segments; 400 KB in all. */
function photoWithHeaders(bytes: number): Uint8Array {
  const segment = (marker: number, payload: Uint8Array) =>
    Buffer.concat([Buffer.of(0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 0xff), payload]);
  const filler = Array.from({ length: Math.ceil(bytes / 50_000) }, () => segment(0xec, new Uint8Array(50_000)));
  const frame = segment(0xc0, Uint8Array.of(8, 0x0b, 0xd0, 0x0f, 0xc0, 1, 1, 0x11, 0));
  const scan = segment(0xda, Uint8Array.of(1, 1, 0, 0, 63, 0));
  return Buffer.concat([Buffer.of(0xff, 0xd8), ...filler, frame, scan, new Uint8Array(250_000), Buffer.of(0xff, 0xd9)]);
}
