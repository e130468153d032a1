import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("each test that the threat model names is there", () => {
  const named = [...read("docs/threat-model.md").matchAll(/(test\/[\w./-]+\.ts) "([^"]+)"/g)];
  expect(named.length).toBeGreaterThan(20);
  for (const [, path = "", title = ""] of named) {
    expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true);
    const place = path === "test/storage/conformance.test.ts" ? "test/conformance/storage.ts" : path;
    expect(read(place), path).toContain(`"${title}"`);
  }
});
