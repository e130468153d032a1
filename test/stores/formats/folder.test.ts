import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../../../src/stores/formats/folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/imagemeta-folder-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("makes a folder and those above it, also where all or some are there", async () => {
  await makeFolder(`${folder}/a`);
  await Promise.all([makeFolder(`${folder}/a/b/c/d`), makeFolder(`${folder}/a/b/e`)]);
  await makeFolder(`${folder}/a/b`);
  for (const made of ["a/b/c/d", "a/b/e"]) expect(statSync(`${folder}/${made}`).isDirectory()).toBe(true);
});

test("a file in the way is an error", async () => {
  writeFileSync(`${folder}/file`, "");
  await expect(makeFolder(`${folder}/file/below`)).rejects.toMatchObject({ code: "ENOTDIR" });
});

test.skipIf(!existsSync("/proc/self"))("ends where a file system makes no folders", async () => {
  await expect(makeFolder("/proc/new")).rejects.toMatchObject({ code: "ENOENT" });
  await expect(makeFolder("/proc/new/below")).rejects.toMatchObject({ code: "ENOENT" });
});
