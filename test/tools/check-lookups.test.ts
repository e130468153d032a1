import { describe, expect, it } from "vitest";
import { lookupFaults } from "../../tools/check-lookups.ts";
import { checkSnippet } from "./snippets.ts";

const TABLE = `const table: Readonly<Record<string, string>> = { ver: "Version" };\n`;
const faults = (code: string) => checkSnippet(code, lookupFaults).map(({ line }) => line);

describe("check-lookups", () => {
  it.each([
    ["a table indexed by text", `${TABLE}export const name = (key: string) => table[key] ?? key;`],
    ["a table indexed by text in brackets", `${TABLE}export const name = (key: string) => table[(key)] ?? key;`],
    ["a table indexed by a made text", `${TABLE}export const name = (key: number) => table[\`\${key}\`];`],
    ["a text cast to a known key", `const table = { a: 1 };\nexport const name = (key: string) => table[key as keyof typeof table];`],
    ["`in` with a text", `${TABLE}export const has = (key: string) => key in table;`],
    ["a destructured text", `${TABLE}export const name = (key: string) => { const { [key]: found } = table; return found; };`],
    ["a key without a type", `${TABLE}export const name = (json: string) => table[JSON.parse(json)];`],
    ["a write by text", `const kept: Record<string, number> = {};\nexport const keep = (key: string) => { kept[key] = 1; };`],
    [
      "a write behind hasOwn",
      `const kept: Record<string, number> = {};\nexport const keep = (key: string) => { if (Object.hasOwn(kept, key)) kept[key] = 1; };`,
    ],
    [
      "hasOwn of another key",
      `${TABLE}export const name = (key: string, other: string) =>(Object.hasOwn(table, other) ? table[key] : "");`,
    ],
    [
      "a write behind another key's comparison",
      `const kept: Record<string, number> = {};\nexport const keep = (key: string, other: string) => { if (other === "__proto__") return; else kept[key] = 1; };`,
    ],
    ["hasOwn that answered no", `${TABLE}export const name = (key: string) =>(Object.hasOwn(table, key) ? "" : table[key]);`],
  ])("reports %s", (_, code) => {
    expect(faults(code)).toEqual([2]);
  });

  it.each([
    ["a Map", `const table = new Map([["ver", "Version"]]);\nexport const name = (key: string) => table.get(key) ?? key;`],
    ["a list", "export const at = (list: readonly string[], i: number) => list[i];"],
    ["a table of numbers", `const table: Record<number, string> = { 1: "a" };\nexport const name = (key: number) => table[key];`],
    ["a choice of known names", `const sizes = { u8: 1, u16: 2 };\nexport const size = (format: "u8" | "u16") => sizes[format];`],
    ["`in` with a name", `export const isPoint = (value: object) => "x" in value;`],
    [
      "a write of anything but `__proto__`",
      `const kept: Record<string, number> = {};\nexport const keep = (key: string) => { if (key === "__proto__") return; else kept[key] = 1; };`,
    ],
    ["a read behind hasOwn", `${TABLE}export const name = (key: string) => (Object.hasOwn(table, key) ? table[key] : key);`],
  ])("accepts %s", (_, code) => {
    expect(faults(code)).toEqual([]);
  });
});
