/**
 * `--where`: a condition as people write it. Keywords in either case, `and` before `or`, spaces free:
 *
 *     condition  = all { "or" all }
 *     all        = one { "and" one }
 *     one        = "not" one | "(" condition ")" | field test
 *     test       = "exists" | "contains" value | ("=" | "!=" | "<" | "<=" | ">" | ">=") value
 *     field      = part { "." part }        part  = letters, digits, _ and - | "…" with "" for "
 *     value      = '…' with '' for ' | number, such as 800, -1.5 or 1e-3 | "true" | "false"
 *
 * What it means is in condition.ts. It is compiled for each catalogue and never becomes part of a statement's text.
 */
import { ImagemetaError } from "../record/errors.ts";
import type { Comparison, Condition } from "./contract.ts";
import { expectField } from "./fields.ts";

/** Nested parentheses and `not`s: deeper ones are no question that anyone asks. */
const DEPTH = 50;
/** Comparisons of one condition: what every database takes in a statement. */
const COMPARISONS = 200;

/** A condition from its text. Throws ImagemetaError MALFORMED with the column, counted in characters from 1. */
export function parseWhere(text: string): Condition {
  return new Parser(text).whole();
}

interface Token {
  readonly kind: "name" | "quoted" | "text" | "number" | "sign" | "end";
  /** As it is written. */
  readonly raw: string;
  /** Without its quotes. */
  readonly value: string;
  /** In UTF-16 units from 0. */
  readonly at: number;
}

const TOKENS: readonly (readonly [Token["kind"], RegExp])[] = [
  ["text", /'((?:[^']|'')*)'/y],
  ["quoted", /"((?:[^"]|"")*)"/y],
  ["number", /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w.])/iy],
  ["name", /[\p{L}\p{N}_][\p{L}\p{N}_-]*/uy],
  ["sign", /<=|>=|!=|==|<>|[=<>().]/y],
];

const SIGNS: ReadonlySet<string> = new Set<Comparison>(["=", "!=", "<", "<=", ">", ">="]);
const FOREIGN: Readonly<Record<string, string>> = {
  "==": "write = for equal",
  "<>": "write != for unequal",
  like: "write contains for a part of a text",
  in: "write one = for each value, joined by or",
  is: "write exists, or not … exists",
  between: "write >= and <=",
};

class Parser {
  readonly #text: string;
  #at = 0;
  #comparisons = 0;
  #next: Token;

  constructor(text: string) {
    this.#text = text;
    this.#next = this.#read();
  }

  whole(): Condition {
    const start = this.#next;
    if (start.kind === "end") this.#fail(start, "the condition is empty; write one such as summary.make = 'Apple'");
    const condition = this.#any(0);
    if (this.#next.raw === ")") this.#fail(this.#next, "this ) closes nothing");
    if (this.#next.kind !== "end") this.#fail(this.#next, `expected and, or or the end, not ${this.#next.raw}`);
    return condition;
  }

  #any(depth: number): Condition {
    return this.#joined("or", () => this.#joined("and", () => this.#one(depth)));
  }

  #joined(kind: "and" | "or", part: () => Condition): Condition {
    const first = part();
    const parts = [first];
    while (this.#takes(kind)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  #one(depth: number): Condition {
    if (depth > DEPTH) this.#fail(this.#next, `it is nested more than ${DEPTH} deep`);
    if (this.#takes("not")) return { kind: "not", part: this.#one(depth + 1) };
    const open = this.#next;
    if (open.raw !== "(") return this.#comparison();
    this.#advance();
    const condition = this.#any(depth + 1);
    if (this.#next.raw !== ")") this.#fail(this.#next.kind === "end" ? open : this.#next, "this ( is not closed");
    this.#advance();
    return condition;
  }

  #comparison(): Condition {
    const start = this.#next;
    if (++this.#comparisons > COMPARISONS) this.#fail(start, `it has more than ${COMPARISONS} comparisons`);
    const field = this.#field();
    const token = this.#next;
    if (this.#takes("exists")) return { kind: "compare", field, comparison: "exists" };
    const comparison = this.#takes("contains") ? "contains" : this.#sign(token);
    const valueAt = this.#next;
    const value = this.#value();
    if (typeof value === "boolean" && comparison !== "=" && comparison !== "!=" && comparison !== "contains")
      this.#fail(valueAt, `${value} has no order: it goes with = and !=`);
    return { kind: "compare", field, comparison, value };
  }

  #field(): readonly string[] {
    const start = this.#next;
    if (start.kind === "text" || start.kind === "number")
      this.#fail(start, `a comparison begins with a field, such as summary.make, not with the value ${start.raw}`);
    const parts = [this.#part()];
    while (this.#next.raw === "." && this.#next.kind === "sign") {
      this.#advance(true);
      parts.push(this.#part());
    }
    const problem = expectField(parts);
    if (problem !== undefined) this.#fail(start, problem);
    return parts;
  }

  #part(): string {
    const token = this.#next;
    if (token.kind !== "name" && token.kind !== "quoted")
      this.#fail(token, token.kind === "end" ? "a field is missing here" : `expected a field, not ${token.raw}`);
    this.#advance(true);
    return token.value;
  }

  #sign(token: Token): Comparison {
    if (token.kind === "sign" && SIGNS.has(token.raw)) {
      this.#advance();
      return token.raw as Comparison;
    }
    const advice = FOREIGN[token.raw.toLowerCase()] ?? "write =, !=, <, <=, >, >=, contains or exists";
    return this.#fail(token, token.kind === "end" ? `a comparison is missing here: ${advice}` : `${token.raw} is no comparison: ${advice}`);
  }

  #value(): string | number | boolean {
    const token = this.#next;
    const word = token.kind === "name" ? token.raw.toLowerCase() : "";
    if (token.kind === "text") {
      if (!token.value.isWellFormed() || token.value.includes("\0")) this.#fail(token, "no record holds such a text");
    } else if (token.kind === "number") {
      if (!Number.isFinite(Number(token.raw))) this.#fail(token, `${token.raw} is too large`);
    } else if (word !== "true" && word !== "false") {
      const advice = "texts stand in single quotes ('Apple'); the others are numbers, true and false";
      this.#fail(token, token.kind === "end" ? `a value is missing here: ${advice}` : `${token.raw} is no value: ${advice}`);
    }
    this.#advance();
    if (token.kind === "text") return token.value;
    // JSON has no negative zero, and neither has a record.
    return token.kind === "number" ? Number(token.raw) + 0 : word === "true";
  }

  #takes(keyword: string): boolean {
    if (this.#next.kind !== "name" || this.#next.raw.toLowerCase() !== keyword) return false;
    this.#advance();
    return true;
  }

  /** `inPath`: what stands after a part of a field, or after its dot, is no number. */
  #advance(inPath = false): void {
    this.#next = this.#read(inPath);
  }

  #read(inPath = false): Token {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
    const at = this.#at;
    if (at === this.#text.length) return { kind: "end", raw: "", value: "", at };
    for (const [kind, pattern] of TOKENS) {
      if (inPath && kind === "number") continue;
      pattern.lastIndex = at;
      const found = pattern.exec(this.#text);
      if (found === null) continue;
      const [raw, inner] = found;
      this.#at = at + raw.length;
      const quote = raw[0] ?? "";
      return { kind, raw, value: inner === undefined ? raw : inner.replaceAll(quote + quote, quote), at };
    }
    const [character = ""] = this.#text.slice(at);
    const problem = character === "'" || character === '"' ? `this ${character} is not closed` : `${character} has no meaning here`;
    return this.#fail({ kind: "end", raw: "", value: "", at }, problem);
  }

  #fail({ at }: Token, problem: string): never {
    const column = [...this.#text.slice(0, at)].length;
    const shown = this.#text.replace(/\s/g, " ");
    throw new ImagemetaError("MALFORMED", `column ${column + 1}: ${problem}\n  ${shown}\n  ${" ".repeat(column)}^`);
  }
}
