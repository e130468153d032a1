import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../..", import.meta.url).pathname;

test("the bill of materials names what runs with version and checksum, and nothing of development", () => {
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const bill = JSON.parse(execFileSync(process.execPath, [`${root}tools/sbom.ts`], { encoding: "utf8", maxBuffer: 64 << 20 }));
  expect([bill.bomFormat, bill.metadata.component.purl]).toEqual(["CycloneDX", expect.stringMatching(/^pkg:npm\/imagemeta@/)]);
  const names = new Set(bill.components.map(({ name }: { name: string }) => name));
  expect([...names]).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  for (const tool of ["vitest", "typescript", "@biomejs/biome", "rolldown", "knip"]) expect(names, tool).not.toContain(tool);
  for (const { name, purl, hashes } of bill.components)
    expect([name, purl, hashes?.[0]?.alg]).toEqual([name, expect.stringMatching(/^pkg:npm\/.+@\d/), "SHA-512"]);
  const references = new Set([
    bill.metadata.component["bom-ref"],
    ...bill.components.map((component: Record<string, string>) => component["bom-ref"]),
  ]);
  for (const { ref, dependsOn } of bill.dependencies) for (const one of [ref, ...dependsOn]) expect(references, one).toContain(one);
});
