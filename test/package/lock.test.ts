import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"));
/** All but the project itself. */
const packages = Object.entries<Readonly<Record<string, unknown>>>(lock.packages).filter(([path]) => path !== "");

test("the lock file has a checksum of each package, of other platforms' too", () => {
  expect(packages.length).toBeGreaterThan(500);
  expect(packages.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(String(integrity)))).toEqual([]);
});

test("the lock file names no registry", () => {
  for (const [path, { funding: _, ...fields }] of packages) expect(JSON.stringify(fields), path).not.toMatch(/"resolved"|:\/\//);
});
