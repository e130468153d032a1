import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareNames } from "../../../src/record/name-order.ts";
import { Folders } from "../../../src/storage/gcs/folders.ts";
import { namesOf } from "../name-shapes.ts";

/** What objects.list tells with the delimiter "/". */
function inside(names: readonly string[], folder: string): string[] {
  const below = names.filter((name) => name.startsWith(folder));
  return [...new Set(below.map((name) => name.slice(0, name.indexOf("/", folder.length) + 1)))].filter((name) => name !== "");
}

function seen(prefix: string, names: readonly string[]): Folders {
  const folders = new Folders(prefix);
  folders.see(names.map((name) => ({ name })));
  return folders;
}

function learned(names: readonly string[], parts: number, pageSize: number, prefix = ""): { folders: Folders; asked: string[] } {
  const folders = seen(prefix, names.filter((name) => name.startsWith(prefix)).slice(0, pageSize));
  const asked: string[] = [];
  for (let next = folders.toAsk(parts, parts); next.length > 0; next = folders.toAsk(parts, parts)) {
    asked.push(...next);
    for (const folder of next) folders.learn(folder, inside(names, folder));
  }
  return { folders, asked };
}

describe("which folders are asked for", () => {
  test("those that the page's last name is in, then the largest", () => {
    const names = namesOf("dates", 20_000);
    const { asked } = learned(names, 100, 1000);
    expect(asked.slice(0, 4)).toEqual(["", "photos/", "photos/2012/", "photos/2012/01/"]);
    expect(asked.slice(4)).not.toHaveLength(0);
    for (const folder of asked.slice(4)) expect(folder).toMatch(/^photos\/20\d\d\/(\d\d\/)?$/);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("none below which each name, or each few, has a folder of its own", () => {
    const each = Array.from({ length: 100 }, (_, at) => `users/${1000 + at}/cover.jpg`);
    expect(learned(each, 64, 100).asked).toEqual([""]);
    expect(learned(each, 64, 100).folders.division(64)).toEqual(["users0"]);
    expect(learned(each, 64, 100, "users/").folders.division(64)).toEqual([]);
    expect(learned(namesOf("hashes", 100), 64, 100).asked).toEqual([""]);
  });

  test("no more than may be", () => {
    const names = Array.from({ length: 100 }, (_, at) => `a/b/c/${1000 + at}.jpg`);
    expect(seen("", names).toAsk(64, 2)).toEqual(["", "a/"]);
  });
});

test("names are divided alike by alike folders, and below a prefix only", () => {
  const names = Array.from({ length: 40 }, (_, folder) => Array.from({ length: 30 }, (_, at) => `all/f${10 + folder}/${100 + at}`)).flat();
  const { folders } = learned(names, 8, 100);
  expect(folders.division(8)).toEqual(["all/f15/", "all/f20/", "all/f25/", "all/f30/", "all/f35/", "all/f40/", "all/f45/", "all/f490"]);
  expect(learned(names, 4, 100, "all/f3").folders.division(4)).toEqual(["all/f33/", "all/f35/", "all/f38/", "all/f390"]);
});

test.each([[["a/", "a/", "a/"]], [["a/", "", "b", 7, null]], ["a/"], [{ 0: "a/" }], [undefined]])(
  "what no bucket says does no harm: %j",
  (said) => {
    const folders = seen(
      "",
      Array.from({ length: 50 }, (_, at) => `a/b/${100 + at}`),
    );
    for (let round = 0; round < 5; round++) for (const folder of folders.toAsk(64, 64)) folders.learn(folder, said);
    expect(folders.division(64).length).toBeLessThan(4);
  },
);

test("a division is in order and of folders that were told, for any names", () => {
  const name = fc.array(fc.constantFrom("a", "b", "/", "é", "😀"), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 200 }), fc.integer({ min: 1, max: 40 }), fc.nat(50), (unordered, parts, pageSize) => {
      const names = unordered.sort(compareNames);
      const { folders } = learned(names, parts, pageSize);
      const division = folders.division(parts);
      expect(division.length).toBeLessThanOrEqual(parts);
      expect([...division].sort(compareNames)).toEqual(division);
      for (const begin of division.slice(0, -1)) expect(names.some((each) => each.startsWith(begin))).toBe(true);
    }),
  );
});
