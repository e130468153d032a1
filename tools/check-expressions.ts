/**
 * Checks that each regular expression of src/metadata searches any text in linear time: by the analyser recheck, and by
 * counting steps on texts made of the expression's own parts. A file writes the texts that they search.
 */
import { checkSync } from "recheck";
import {
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isPropertyAccessExpression,
  isRegularExpressionLiteral,
} from "typescript/unstable/ast/is";
import { CountingExpression } from "./backtracking.ts";
import { type PumpedText, pumped, pumpedTexts } from "./pumped-texts.ts";
import { type Fault, inspect, nodesOf, report } from "./typed-sources.ts";

export interface Expression {
  readonly file: string;
  readonly line: number;
  /** As it is written, `/a+/g`; undefined if it is made at run time. */
  readonly literal: string | undefined;
  /** Whether all matches are looked for, not only the first. */
  readonly all: boolean;
}

export function findExpressions(config: string, folder: string): Expression[] {
  return inspect(config, folder, (source, _checker, at) =>
    [...nodesOf(source)].flatMap((node): Expression[] => {
      if (isRegularExpressionLiteral(node)) {
        const call = node.parent;
        const splits = isCallExpression(call) && isPropertyAccessExpression(call.expression) && call.expression.name.text === "split";
        return [{ ...at(node), literal: node.text, all: splits || flagsOf(node.text).includes("g") }];
      }
      const makes = (isNewExpression(node) || isCallExpression(node)) && isIdentifier(node.expression) && node.expression.text === "RegExp";
      return makes ? [{ ...at(node), literal: undefined, all: true }] : [];
    }),
  );
}

const flagsOf = (literal: string) => literal.slice(literal.lastIndexOf("/") + 1);

/** Characters of a pumped text; twice and four times as many follow. Bounded repeats are below it. */
const PUMPED_LENGTH = 128;

/** A text that costs fewer steps a character is linear whatever its growth: a quadratic search makes more at four times the length. */
const FREE_STEPS_PER_CHARACTER = 64;

/** More is too much, linear or not. */
const MAX_STEPS_PER_CHARACTER = 1024;

/** Growth from n to 2n to 4n: 2 for a linear search, 4 for a quadratic one. */
const MAX_GROWTH = 3;

/** The text on which the search takes more than linear time; undefined if there is none. */
export function superLinearText(literal: string, all: boolean): PumpedText | undefined {
  const counting = new CountingExpression(literal);
  const real = new RegExp(literal.slice(1, literal.lastIndexOf("/")), flagsOf(literal).replace("g", ""));
  return pumpedTexts(literal).find((text) => {
    const count = (length: number) => {
      const whole = pumped(text, length);
      const { steps, index } = counting.search(whole, all, whole.length * MAX_STEPS_PER_CHARACTER);
      if (Number.isFinite(steps) && index !== whole.search(real))
        throw new Error(`${literal} matches otherwise than its steps are counted`);
      return { steps, length: whole.length };
    };
    const long = count(4 * PUMPED_LENGTH);
    if (long.steps <= long.length * FREE_STEPS_PER_CHARACTER) return false;
    const [short, middle] = [count(PUMPED_LENGTH), count(2 * PUMPED_LENGTH)];
    return !(long.steps - middle.steps <= MAX_GROWTH * (middle.steps - short.steps));
  });
}

/** No time limits: the analyser's answer must not depend on the machine. */
const WITHOUT_TIME = { timeout: null, attackTimeout: null, incubationTimeout: null, seedingTimeout: null, recallTimeout: null };

/** Bounded repeats up to this are analysed exactly, above it by the analyser's own fuzzing. */
const MAX_ANALYSED_REPEATS = 200;

/** The analyser runs in this process: its native form leaves a child behind. */
process.env.RECHECK_SYNC_BACKEND = "pure";

/** What the analyser holds against an expression; undefined if nothing. */
export function analysed(literal: string): string | undefined {
  const result = checkSync(literal.slice(1, literal.lastIndexOf("/")), flagsOf(literal), {
    ...WITHOUT_TIME,
    maxRepeatCount: MAX_ANALYSED_REPEATS,
  });
  if (result.status === "safe") return undefined;
  return result.status === "vulnerable" ? `${result.complexity.summary}, by ${result.attack.pattern}` : result.error.kind;
}

export function expressionFaults(config: string, folder: string): Fault[] {
  const faults: Fault[] = [];
  const known = new Map<string, string | undefined>();
  const judge = (literal: string, all: boolean) => {
    const text = superLinearText(literal, all);
    return text === undefined ? analysed(literal) : `by ${JSON.stringify(text)}`;
  };
  for (const { file, line, literal, all } of findExpressions(config, folder)) {
    if (literal === undefined) {
      faults.push({ file, line, message: "an expression made at run time cannot be checked: write a literal" });
      continue;
    }
    const key = `${literal}${all}`;
    if (!known.has(key)) known.set(key, judge(literal, all));
    const complexity = known.get(key);
    if (complexity !== undefined) faults.push({ file, line, message: `${literal} takes more than linear time: ${complexity}` });
  }
  return faults;
}

if (import.meta.main) report(expressionFaults("tsconfig.json", "src/metadata"));
