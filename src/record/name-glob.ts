/**
 * Globs of object names, in the dialect of Cloud Storage's matchGlob. `*` and `?` stay within one level, `**` crosses levels, and as a whole
 * level also matches no level at all. `[a-z]` and `[!a]` match one character, but no slash. `{a,b}` are alternatives, and may be nested; braces
 * without a comma mean themselves. `\` takes the meaning from the character after it.
 *
 * A glob becomes a nondeterministic automaton, and all its states advance over the name together. So a match takes at most the length of the
 * name times that of the glob, whatever either says.
 */
import { ImagemetaError } from "./errors.ts";

export const MAX_GLOB_CHARACTERS = 4096;

type Range = readonly [first: number, last: number];

/** What matches one character of a name; `level` and `levels`, which are `*` and `**`, match any number. */
type Matching =
  | { readonly kind: "character"; readonly code: number }
  | { readonly kind: "set"; readonly ranges: readonly Range[]; readonly isNegated: boolean }
  | { readonly kind: "any" | "level" | "levels" };

type Token = Matching | { readonly kind: "open" } | { readonly kind: "comma" } | { readonly kind: "close" };

/** A state leads to the one after it; `either` leads to others without taking a character. */
type State = Matching | { readonly kind: "either"; readonly next: number[] } | { readonly kind: "end" };

const SLASH = codeOf("/");

export class Glob {
  /** What a strict reader refuses. Here an unclosed bracket or brace means itself, and a range that runs backwards matches nothing. */
  readonly flaw: string | undefined;
  /** States visited by all matches so far. */
  steps = 0;
  readonly #states: readonly State[];
  /** States to advance from, and those that they lead to. */
  #active: number[] = [];
  #following: number[] = [];
  #isAtEnd = false;
  /** By state, and by whether an empty `**` is before it: the turn in which it was entered last. */
  readonly #entered: Float64Array;
  #turn = 0;

  /** @throws ImagemetaError LIMIT_EXCEEDED if the glob is longer than `MAX_GLOB_CHARACTERS` */
  constructor(glob: string) {
    if (glob.length > MAX_GLOB_CHARACTERS)
      throw new ImagemetaError("LIMIT_EXCEEDED", `a glob has more than ${MAX_GLOB_CHARACTERS} characters: use several shorter ones`);
    const { tokens, flaw } = tokenize(glob);
    const isClosed = pairBraces(tokens);
    this.flaw = flaw ?? (isClosed ? undefined : "a brace is not closed");
    this.#states = assemble(tokens);
    this.#entered = new Float64Array(2 * this.#states.length);
  }

  matches(name: string): boolean {
    this.#following = [];
    this.#begin();
    this.#enter(0, true);
    for (const character of name) {
      [this.#active, this.#following] = [this.#following, this.#active];
      if (this.#active.length === 0) return false;
      this.#begin();
      const code = codeOf(character);
      for (const at of this.#active) {
        const state = this.#states[at] as Matching;
        if (accepts(state, code)) this.#enter(state.kind === "level" || state.kind === "levels" ? at : at + 1, code === SLASH);
      }
    }
    return this.#isAtEnd;
  }

  #begin(): void {
    this.#turn++;
    this.#following.length = 0;
    this.#isAtEnd = false;
  }

  /** Adds a state, and those that it leads to without a character, to the following ones. */
  #enter(first: number, isLevelStart: boolean): void {
    // Each entry is a state twice, plus one if a `**` before it has matched nothing at the start of a level: it then needs no slash.
    const entries = [2 * first];
    for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
      if (this.#entered[entry] === this.#turn) continue;
      this.#entered[entry] = this.#turn;
      this.steps++;
      const at = entry >> 1;
      const isAfterNoLevel = entry & 1;
      const state = this.#states[at] as State;
      if (state.kind === "either") for (const next of state.next) entries.push(2 * next + isAfterNoLevel);
      else if (state.kind === "end") this.#isAtEnd = true;
      else {
        this.#following.push(at);
        if (state.kind === "level") entries.push(2 * (at + 1));
        if (state.kind === "levels") entries.push(2 * (at + 1) + Number(isLevelStart));
        if (state.kind === "character" && state.code === SLASH && isAfterNoLevel) entries.push(2 * (at + 1));
      }
    }
  }
}

function accepts(state: Matching, code: number): boolean {
  switch (state.kind) {
    case "character":
      return code === state.code;
    case "levels":
      return true;
    case "set":
      return code !== SLASH && state.ranges.some(([first, last]) => first <= code && code <= last) !== state.isNegated;
    default:
      return code !== SLASH;
  }
}

function tokenize(glob: string): { tokens: Token[]; flaw: string | undefined } {
  const signs = [...glob].map(codeOf);
  const tokens: Token[] = [];
  let flaw: string | undefined;
  for (let at = 0; at < signs.length; at++) {
    const code = signs[at] as number;
    const sign = String.fromCodePoint(code);
    if (sign === "*") {
      const first = at;
      while (signs[at + 1] === code) at++;
      tokens.push({ kind: at > first ? "levels" : "level" });
    } else if (sign === "[") {
      const set = readSet(signs, at + 1);
      if (set === undefined) tokens.push({ kind: "character", code });
      else tokens.push({ kind: "set", ...set });
      if (set === undefined) flaw ??= "a bracket is not closed";
      else if (set.ranges.some(([start, last]) => start > last)) flaw ??= "a range in brackets runs backwards";
      at = set?.close ?? at;
    } else {
      const kind = SIGNS.get(sign);
      if (sign === "\\" && at + 1 < signs.length) at++;
      tokens.push(kind === undefined ? { kind: "character", code: signs[at] as number } : { kind });
    }
  }
  return { tokens, flaw };
}

const SIGNS = new Map<string, "any" | "open" | "comma" | "close">([
  ["?", "any"],
  ["{", "open"],
  [",", "comma"],
  ["}", "close"],
]);

interface CharacterSet {
  readonly ranges: readonly Range[];
  readonly isNegated: boolean;
  /** Where its bracket closes. */
  readonly close: number;
}

/** The set whose first sign is at `start`; undefined if its bracket is not closed. A bracket that comes first means itself. */
function readSet(signs: readonly number[], start: number): CharacterSet | undefined {
  const isNegated = signs[start] === codeOf("!") || signs[start] === codeOf("^");
  const first = start + Number(isNegated);
  const ranges: Range[] = [];
  let at = first;
  const next = (): number => {
    if (signs[at] === codeOf("\\") && at + 1 < signs.length) at++;
    return signs[at++] as number;
  };
  while (at < signs.length && (signs[at] !== codeOf("]") || at === first)) {
    const low = next();
    const isRange = signs[at] === codeOf("-") && at + 1 < signs.length && signs[at + 1] !== codeOf("]");
    if (isRange) at++;
    ranges.push([low, isRange ? next() : low]);
  }
  return at < signs.length ? { ranges, isNegated, close: at } : undefined;
}

/** Turns braces without a partner or a comma, and commas outside braces, into characters. Whether all that opened are closed. */
function pairBraces(tokens: Token[]): boolean {
  const open: { readonly at: number; readonly commas: number[] }[] = [];
  const literal = (at: number, sign: string): void => {
    tokens[at] = { kind: "character", code: codeOf(sign) };
  };
  const asWritten = (brace: { readonly at: number; readonly commas: readonly number[] }): void => {
    literal(brace.at, "{");
    for (const at of brace.commas) literal(at, ",");
  };
  tokens.forEach(({ kind }, at) => {
    const innermost = open.at(-1);
    if (kind === "open") open.push({ at, commas: [] });
    else if (kind === "comma" && innermost !== undefined) innermost.commas.push(at);
    else if (kind === "comma") literal(at, ",");
    else if (kind === "close") {
      if (innermost === undefined || innermost.commas.length === 0) literal(at, "}");
      if (innermost?.commas.length === 0) asWritten(innermost);
      open.pop();
    }
  });
  open.forEach(asWritten);
  return open.length === 0;
}

/** The states of a glob whose braces are paired. */
function assemble(tokens: readonly Token[]): readonly State[] {
  const states: State[] = [];
  const open: { readonly starts: number[]; readonly ends: number[][] }[] = [];
  for (const token of tokens) {
    const innermost = open.at(-1);
    if (token.kind === "open") {
      const starts = [states.length + 1];
      states.push({ kind: "either", next: starts });
      open.push({ starts, ends: [] });
    } else if (token.kind === "comma") {
      const end: number[] = [];
      states.push({ kind: "either", next: end });
      innermost?.ends.push(end);
      innermost?.starts.push(states.length);
    } else if (token.kind === "close") {
      for (const end of innermost?.ends ?? []) end.push(states.length);
      open.pop();
    } else {
      states.push(token);
    }
  }
  return [...states, { kind: "end" }];
}

function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}
