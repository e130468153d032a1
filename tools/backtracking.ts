/**
 * Counts the steps of a regular expression's search as ECMAScript defines it: a backtracking matcher that starts at each
 * position in turn. V8 works so too. A count is the same on each machine and in each run, where a time is not.
 */
import { type AST, parseRegExpLiteral, visitRegExpAST } from "@eslint-community/regexpp";

type Instruction =
  | { readonly kind: "character"; readonly has: (character: string) => boolean; readonly backward: boolean }
  | { readonly kind: "assertion"; readonly holds: (text: string, at: number) => boolean }
  | { readonly kind: "look"; readonly program: readonly Instruction[]; readonly negate: boolean }
  | { readonly kind: "reference"; readonly group: number }
  | { readonly kind: "save"; readonly slot: number }
  | { readonly kind: "mark"; readonly slot: number }
  | { readonly kind: "progress"; readonly slot: number }
  | { readonly kind: "split"; readonly first: number; readonly second: number }
  | { readonly kind: "jump"; readonly to: number }
  | { readonly kind: "match" };

/** Positions that groups and loops keep, by slot. */
type Slots = readonly (number | undefined)[];

interface Thread {
  readonly next: number;
  readonly at: number;
  readonly slots: Slots;
}

export interface Search {
  /** Instructions carried out, or `Number.POSITIVE_INFINITY` if more than the limit. */
  readonly steps: number;
  /** Where the first match is; -1 if there is none. */
  readonly index: number;
}

class StepLimitReached extends Error {}

/** Searches texts for one expression, and counts. */
export class CountingExpression {
  readonly #program: readonly Instruction[];
  readonly #empty: Slots;
  readonly #steps = { made: 0, limit: 0 };

  constructor(literal: string) {
    const compiler = new Compiler(parseRegExpLiteral(literal));
    this.#program = compiler.program;
    this.#empty = new Array<undefined>(compiler.slots).fill(undefined);
  }

  /** Looks for the first match, or for each match in turn if `all`. */
  search(text: string, all: boolean, limit: number): Search {
    Object.assign(this.#steps, { made: 0, limit });
    let index = -1;
    try {
      for (let start = 0; start <= text.length; start++) {
        const end = this.#run(this.#program, text, start, this.#empty)?.at;
        if (end === undefined) continue;
        if (index < 0) index = start;
        if (!all) break;
        start = Math.max(start, end - 1);
      }
    } catch (thrown) {
      if (!(thrown instanceof StepLimitReached)) throw thrown;
      return { steps: Number.POSITIVE_INFINITY, index };
    }
    return { steps: this.#steps.made, index };
  }

  /** Where a match from `start` ends and what its groups hold; undefined if there is none. */
  #run(program: readonly Instruction[], text: string, start: number, kept: Slots): Thread | undefined {
    const waiting: Thread[] = [{ next: 0, at: start, slots: kept }];
    for (let thread = waiting.pop(); thread !== undefined; thread = waiting.pop()) {
      let { next, at, slots } = thread;
      running: for (;;) {
        if (++this.#steps.made > this.#steps.limit) throw new StepLimitReached();
        const instruction = program[next++] as Instruction;
        switch (instruction.kind) {
          case "match":
            return { next, at, slots };
          case "split":
            waiting.push({ next: instruction.second, at, slots });
            next = instruction.first;
            break;
          case "jump":
            next = instruction.to;
            break;
          case "character": {
            const character = text[instruction.backward ? at - 1 : at];
            if (character === undefined || !instruction.has(character)) break running;
            at += instruction.backward ? -1 : 1;
            break;
          }
          case "assertion":
            if (!instruction.holds(text, at)) break running;
            break;
          case "look": {
            const found = this.#run(instruction.program, text, at, slots);
            if ((found === undefined) !== instruction.negate) break running;
            if (found !== undefined) slots = found.slots;
            break;
          }
          case "reference": {
            const group = text.slice(slots[2 * instruction.group] ?? 0, slots[2 * instruction.group + 1] ?? 0);
            this.#steps.made += group.length;
            if (!text.startsWith(group, at)) break running;
            at += group.length;
            break;
          }
          case "save":
          case "mark":
            slots = slots.with(instruction.slot, at);
            break;
          case "progress":
            if (slots[instruction.slot] === at) break running;
            break;
        }
      }
    }
    return undefined;
  }
}

const isWord = (character: string | undefined) => character !== undefined && /\w/.test(character);
const isLineEnd = (character: string | undefined) => character !== undefined && /[\n\r\u2028\u2029]/.test(character);

class Compiler {
  readonly program: Instruction[] = [];
  slots: number;
  readonly #flags: AST.Flags;

  constructor({ pattern, flags }: AST.RegExpLiteral) {
    if (flags.unicode || flags.unicodeSets || flags.sticky) throw new Error(`the flags ${flags.raw} are not supported`);
    this.#flags = flags;
    this.slots = 2 * (1 + groupsIn(pattern));
    this.#alternatives(pattern.alternatives, false);
    this.program.push({ kind: "match" });
  }

  #alternatives(alternatives: readonly AST.Alternative[], backward: boolean): void {
    const [alternative, ...others] = alternatives;
    if (alternative === undefined) return;
    const compile = () => {
      for (const element of backward ? alternative.elements.toReversed() : alternative.elements) this.#element(element, backward);
    };
    if (others.length === 0) compile();
    else this.#either(compile, () => this.#alternatives(others, backward));
  }

  /** Code that tries `first`, then `second`. */
  #either(first: () => void, second: () => void): void {
    const split = this.#hole();
    first();
    const jump = this.#hole();
    this.#fork(split, true);
    second();
    this.program[jump] = { kind: "jump", to: this.program.length };
  }

  #element(element: AST.Element, backward: boolean): void {
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
        this.program.push({ kind: "character", has: this.#membership(element.raw), backward });
        break;
      case "Group":
        this.#alternatives(element.alternatives, backward);
        break;
      case "CapturingGroup": {
        const slot = 2 * numberOf(element);
        this.program.push({ kind: "save", slot: backward ? slot + 1 : slot });
        this.#alternatives(element.alternatives, backward);
        this.program.push({ kind: "save", slot: backward ? slot : slot + 1 });
        break;
      }
      case "Quantifier":
        this.#quantifier(element, backward);
        break;
      case "Assertion":
        this.#assertion(element);
        break;
      case "Backreference":
        if (Array.isArray(element.resolved) || backward) throw new Error(`${element.raw} is not supported`);
        this.program.push({ kind: "reference", group: numberOf(element.resolved as AST.CapturingGroup) });
        break;
      default:
        throw new Error(`${element.raw} is not supported`);
    }
  }

  #quantifier({ element, min, max, greedy }: AST.Quantifier, backward: boolean): void {
    for (let i = 0; i < min; i++) this.#element(element, backward);
    if (max === Number.POSITIVE_INFINITY) {
      const split = this.#hole();
      const slot = this.slots++;
      this.program.push({ kind: "mark", slot });
      this.#element(element, backward);
      this.program.push({ kind: "progress", slot }, { kind: "jump", to: split });
      this.#fork(split, greedy);
    } else {
      const splits: number[] = [];
      for (let i = min; i < max; i++) {
        splits.push(this.#hole());
        this.#element(element, backward);
      }
      for (const split of splits) this.#fork(split, greedy);
    }
  }

  /** The index of an instruction that is filled in later. */
  #hole(): number {
    return this.program.push({ kind: "match" }) - 1;
  }

  /** Fills `split`: a choice between the code behind it and the code that comes next. */
  #fork(split: number, greedy: boolean): void {
    const [inside, outside] = [split + 1, this.program.length];
    this.program[split] = { kind: "split", first: greedy ? inside : outside, second: greedy ? outside : inside };
  }

  #assertion(assertion: AST.Assertion): void {
    const { multiline } = this.#flags;
    switch (assertion.kind) {
      case "start":
        this.program.push({ kind: "assertion", holds: (text, at) => at === 0 || (multiline && isLineEnd(text[at - 1])) });
        break;
      case "end":
        this.program.push({ kind: "assertion", holds: (text, at) => at === text.length || (multiline && isLineEnd(text[at])) });
        break;
      case "word":
        this.program.push({ kind: "assertion", holds: (text, at) => (isWord(text[at - 1]) !== isWord(text[at])) !== assertion.negate });
        break;
      default: {
        const outer = this.program.splice(0);
        this.#alternatives(assertion.alternatives, assertion.kind === "lookbehind");
        this.program.push({ kind: "match" });
        const program = this.program.splice(0, this.program.length, ...outer);
        this.program.push({ kind: "look", program, negate: assertion.negate });
      }
    }
  }

  #membership(raw: string): (character: string) => boolean {
    const expression = new RegExp(`^(?:${raw})$`, `${this.#flags.ignoreCase ? "i" : ""}${this.#flags.dotAll ? "s" : ""}`);
    const known = new Map<string, boolean>();
    return (character) => {
      const before = known.get(character);
      if (before !== undefined) return before;
      const has = expression.test(character);
      known.set(character, has);
      return has;
    };
  }
}

function groupsIn(pattern: AST.Pattern): number {
  let count = 0;
  visitRegExpAST(pattern, { onCapturingGroupEnter: () => void count++ });
  return count;
}

/** Groups are numbered by their opening brackets. */
function numberOf(group: AST.CapturingGroup): number {
  let root: AST.Node = group;
  while (root.parent !== null) root = root.parent;
  let number = 0;
  visitRegExpAST(root, {
    onCapturingGroupEnter: (other) => {
      if (other.start <= group.start) number++;
    },
  });
  return number;
}
