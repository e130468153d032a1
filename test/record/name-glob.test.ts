import fc from "fast-check";
import { expect, test } from "vitest";
import { Glob, MAX_GLOB_CHARACTERS } from "../../src/record/name-glob.ts";

/** A glob as it is generated: what matches one stretch of a name, or alternatives. */
type Part = string | { readonly either: readonly (readonly Part[])[] };

const written = (parts: readonly Part[]): string =>
  parts.map((part) => (typeof part === "string" ? part : `{${part.either.map(written).join(",")}}`)).join("");

/** Every way to choose one of each alternatives. */
function expanded(parts: readonly Part[]): readonly (readonly string[])[] {
  return parts.reduce<readonly (readonly string[])[]>(
    (heads, part) => {
      const tails = typeof part === "string" ? [[part]] : part.either.flatMap(expanded);
      return heads.flatMap((head) => tails.map((tail) => [...head, ...tail]));
    },
    [[]],
  );
}

/** Tries everything, as the dialect is described. Signs are `*`, `**`, `?`, `[ab]`, `[!ab]` or a character. */
function plainly(signs: readonly string[], name: string, at = 0): boolean {
  const [sign, ...rest] = signs;
  if (sign === undefined) return at === name.length;
  const here = name[at];
  if (sign === "*" || sign === "**") {
    const isLevelStart = at === 0 || name[at - 1] === "/";
    if (sign === "**" && isLevelStart && rest[0] === "/" && plainly(rest.slice(1), name, at)) return true;
    for (let end = at; end <= name.length; end++) {
      if (plainly(rest, name, end)) return true;
      if (sign === "*" && name[end] === "/") return false;
    }
    return false;
  }
  if (here === undefined) return false;
  const isMatch =
    sign === "?" || sign.length > 1
      ? here !== "/" && (sign === "?" || sign.slice(1).includes(here) !== sign.startsWith("[!"))
      : sign === here;
  return isMatch && plainly(rest, name, at + 1);
}

const sign = fc.constantFrom("a", "b", "/", "*", "**", "?", "[ab]", "[!a]");
/** Stars are kept apart, as two that meet would be written as one `**`. */
const apart = (parts: readonly Part[]): readonly Part[] =>
  parts.filter((part, at) => !(String(part).startsWith("*") && String(parts[at - 1] ?? "").endsWith("*")));
const part: fc.Arbitrary<Part> = fc.letrec<{ part: Part; parts: readonly Part[] }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 6, arbitrary: sign },
    { weight: 1, arbitrary: fc.array(tie("parts"), { minLength: 2, maxLength: 3 }).map((either) => ({ either })) },
  ),
  parts: fc.array(tie("part"), { maxLength: 4 }).map(apart),
})).part;
const parts = fc.array(part, { maxLength: 6 }).map(apart);
const name = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 8 }).map((signs) => signs.join(""));

test("matches what trying everything matches", () => {
  let matched = 0;
  fc.assert(
    fc.property(parts, fc.array(name, { minLength: 5, maxLength: 5 }), (glob, names) => {
      const ways = expanded(glob);
      fc.pre(ways.length <= 40);
      for (const each of names) {
        const wanted = ways.some((signs) => plainly(signs, each));
        matched += Number(wanted);
        expect(new Glob(written(glob)).matches(each), `${written(glob)} on ${each}`).toBe(wanted);
      }
    }),
    { numRuns: 3000 },
  );
  expect(matched).toBeGreaterThan(500);
});

test.each<[string, readonly string[], readonly string[]]>([
  ["**/a", ["a", "x/a", "x/y/a"], ["xa", "a/x"]],
  ["x/**/a", ["x/a", "x/y/a", "x/y/z/a"], ["xa", "x/ya"]],
  ["x**/a", ["x/a", "xy/a", "x/y/a"], ["xa"]],
  ["x/**", ["x/", "x/a", "x/a/b"], ["x", "y/a"]],
  ["{**,y}/a", ["a", "x/a", "y/a"], ["xa"]],
  ["{x/,}**/a", ["a", "x/a", "z/a"], ["za"]],
  ["{a,b{c,d/{e,f}}}.g", ["a.g", "bc.g", "bd/e.g", "bd/f.g"], ["b.g", "bd.g", "a"]],
  ["{a,}b", ["ab", "b"], ["a"]],
  ["{a}", ["{a}"], ["a"]],
  ["a,b}", ["a,b}"], ["a", "b"]],
  ["{a{b}", ["{a{b}"], ["ab"]],
  ["photo (1|2)+.jpg", ["photo (1|2)+.jpg"], ["photo 1.jpg"]],
  ["[a-c]?", ["ax", "c😀"], ["dx", "a/", "a"]],
  ["[!a-c]", ["d", "😀"], ["b", "/"]],
  ["[^a]", ["b"], ["a"]],
  ["[]a]", ["]", "a"], ["b"]],
  ["[!]a]", ["b"], ["]", "a"]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[\\]\\\\]", ["]", "\\"], ["a"]],
  ["[+-9]", ["0", "."], ["/"]],
  ["{[,],a}]", [",]", "a]"], ["[]", "a"]],
  ["\\*\\{a,b\\}\\[", ["*{a,b}["], ["x{a,b}["]],
  ["a\\", ["a\\"], ["a"]],
  ["😀?", ["😀😀"], ["😀"]],
  ["", [""], ["a"]],
])("%s matches %j and not %j", (text, yes, no) => {
  const glob = new Glob(text);
  expect(yes.filter((each) => !glob.matches(each))).toEqual([]);
  expect(no.filter((each) => glob.matches(each))).toEqual([]);
});

test.each([
  ["[a", "a bracket is not closed"],
  ["{a,b", "a brace is not closed"],
  ["[z-a]", "a range in brackets runs backwards"],
  ["{a,b}[a]", undefined],
])("says what is wrong with %s", (text, flaw) => {
  const glob = new Glob(text);
  expect(glob.flaw).toBe(flaw);
  expect(glob.matches(text)).toBe(text === "[a" || text === "{a,b");
});

test.each([
  ["stars", (length: number) => `${"a*".repeat(length)}b`],
  ["stars across levels", (length: number) => `${"**a".repeat(length)}b`],
  ["whole levels", (length: number) => `${"**/".repeat(length)}b`],
  ["alternatives in a row", (length: number) => `${"{a,aa}".repeat(length)}b`],
  ["nested alternatives", (length: number) => `${"{a,".repeat(length)}a${"}".repeat(length)}b`],
  ["alternatives of nothing", (length: number) => `${"{,*}".repeat(length)}b`],
])("takes steps by the length of the name times that of the glob, for %s", (_what, pumped) => {
  const text = pumped(100);
  const glob = new Glob(text);
  const slow = `${"a".repeat(1000)}/${"a".repeat(23)}`;
  expect(glob.matches(slow)).toBe(false);
  // Each state is entered once for a character, or twice if a `**` is before it.
  expect(glob.steps).toBeLessThanOrEqual(2 * (text.length + 1) * (slow.length + 1));
});

test("refuses a glob that is too long", () => {
  expect(() => new Glob("a".repeat(MAX_GLOB_CHARACTERS + 1))).toThrow("more than 4096 characters");
  expect(new Glob("{".repeat(MAX_GLOB_CHARACTERS)).matches("{".repeat(MAX_GLOB_CHARACTERS))).toBe(true);
});
