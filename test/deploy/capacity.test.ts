import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { capacityOf, lineOf, REQUESTS, type StoreKind, WORKER_RATE } from "../../tools/capacity.ts";

const page = readFileSync(new URL("../../docs/capacity.md", import.meta.url), "utf8");

test.each<[StoreKind, string]>([
  ["postgres", "PostgreSQL"],
  ["firestore", "Firestore"],
  ["sqlite", "SQLite"],
])("the page's table for %s is what the calculation gives", (store, name) => {
  const section = page.split(`## Into ${name}\n`)[1]?.split("\n## ")[0] ?? "";
  const lines = section.split("\n").filter((line) => /^\| [\d,]+ \|/.test(line));
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(line).toBe(lineOf(Number(line.split(" ")[1]?.replaceAll(",", "")), 4, store));
});

test("the formula's figures are those of the calculation", () => {
  expect(page).toContain(`images × ${REQUESTS.toFixed(3)}`);
  expect(page).toContain(`\`R\` ÷ ${WORKER_RATE.toFixed(0)}`);
  expect(page).toContain(`${((WORKER_RATE * 65_536 * 8) / 1e6).toFixed(0)} Mbit/s of one worker`);
  const { rate, dollars, cpuHours } = capacityOf(10_000_000, 4, "postgres");
  expect(page).toContain(`× 4 = ${rate.toFixed(0)} a second`);
  expect(page).toContain(`A day costs $${dollars.toFixed(2)}`);
  expect(page).toContain(`${cpuHours.toFixed(2)} vCPU hours`);
  expect(page).toContain(`The bucket is asked ${(rate * REQUESTS).toFixed(0)}\ntimes a second`);
});

test("the bottleneck is the least, and workers are never none", () => {
  expect(capacityOf(1, 1, "postgres").workers).toBe(1);
  expect(capacityOf(1e9, 4, "firestore").bottleneck).toEqual({ what: "Firestore, until it has grown", rate: 500 });
  expect(capacityOf(1e9, 4, "sqlite").bottleneck.rate).toBe(WORKER_RATE);
});
