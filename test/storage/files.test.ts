import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { files } from "../../src/storage/files.ts";
import { stdin } from "../../src/storage/stdin.ts";
import { rejection } from "../conformance/storage.ts";

const never = new AbortController().signal;
let folder: string;
const storage = files({ wholeBytes: 1000 });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "imagemeta-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;

async function names(): Promise<string[]> {
  const all: string[] = [];
  for await (const page of storage.list({ root: `${pathToFileURL(folder).href}/` }, never)) {
    all.push(...page.map(({ uri }) => decodeURIComponent(uri.slice(pathToFileURL(folder).href.length + 1))));
  }
  return all;
}

test("links are followed, to files and folders, never in a circle", async () => {
  mkdirSync(join(folder, "real/deep"), { recursive: true });
  writeFileSync(join(folder, "real/deep/a.jpg"), "a");
  symlinkSync("real/deep/a.jpg", join(folder, "link.jpg"));
  symlinkSync("real", join(folder, "again"));
  symlinkSync("..", join(folder, "real/up"));
  symlinkSync(".", join(folder, "real/deep/self"));
  symlinkSync("nowhere", join(folder, "broken.jpg"));
  expect(await names()).toEqual(["again/deep/a.jpg", "link.jpg", "real/deep/a.jpg"]);
});

test("links that lead to each other's folders do not multiply", async () => {
  for (let i = 0; i < 12; i++) mkdirSync(join(folder, `d${i}`));
  for (let i = 0; i < 11; i++) for (const name of ["x", "y"]) symlinkSync(`../d${i + 1}`, join(folder, `d${i}/${name}`));
  writeFileSync(join(folder, "d11/a.jpg"), "a");
  expect((await names()).length).toBeLessThan(20);
});

test("pipes and devices in a folder are passed over; named, they are read whole up to the limit", async () => {
  execFileSync("mkfifo", [join(folder, "pipe.jpg")]);
  expect(await names()).toEqual([]);
  const [stored] = await Promise.all([
    storage.open({ uri: uriOf("pipe.jpg") }, never),
    writeFile(join(folder, "pipe.jpg"), Buffer.alloc(900)),
  ]);
  expect([stored.size, (await stored.read([{ start: 890, end: 1000 }], never))[0]?.length]).toEqual([900, 10]);
  expect(await rejection(storage.open({ uri: pathToFileURL("/dev/zero").href }, never))).toBe("LIMIT_EXCEEDED");
});

test("a file that is written to or cut while it is read is CHANGED", async () => {
  writeFileSync(join(folder, "a.jpg"), Buffer.alloc(5000));
  const appended = await storage.open({ uri: uriOf("a.jpg") }, never);
  appendFileSync(join(folder, "a.jpg"), "more");
  expect(await rejection(appended.read([{ start: 0, end: 10 }], never))).toBe("CHANGED");
  await appended.close();
  const cut = await storage.open({ uri: uriOf("a.jpg") }, never);
  truncateSync(join(folder, "a.jpg"), 100);
  expect(await rejection(cut.read([{ start: 0, end: 5000 }], never))).toBe("CHANGED");
  await cut.close();
});

test("what may not be opened says why", async () => {
  expect(await rejection(storage.open({ uri: uriOf("a/b.jpg") }, never))).toBe("NOT_FOUND");
  expect(await rejection(storage.open({ uri: pathToFileURL(folder).href }, never))).toBe("NOT_AN_IMAGE");
  writeFileSync(join(folder, "locked.jpg"), "a");
  chmodSync(join(folder, "locked.jpg"), 0);
  // A superuser may read anything.
  if (process.getuid?.() !== 0) expect(await rejection(storage.open({ uri: uriOf("locked.jpg") }, never))).toBe("FORBIDDEN");
});

test("standard input is read whole, up to the limit", async () => {
  async function* stream() {
    yield Buffer.from("hello ");
    yield Buffer.from("world");
  }
  const stored = await stdin(stream(), 11).open({ uri: "-" }, never);
  expect(Buffer.from((await stored.read([{ start: 6, end: 100 }], never))[0] ?? []).toString()).toBe("world");
  expect(await rejection(stdin(stream(), 10).open({ uri: "-" }, never))).toBe("LIMIT_EXCEEDED");
});
