import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OUTCOMES } from "../../../src/pipeline/worker/outcomes.ts";

test("docs/worker.md has the table of outcomes", () => {
  const docs = readFileSync(new URL("../../../docs/worker.md", import.meta.url), "utf8");
  const rows = Object.entries(OUTCOMES).map(([kind, { when, store, answer }]) => `| ${kind} | ${when} | ${store} | ${answer} |`);
  expect(docs).toContain(rows.join("\n"));
});
