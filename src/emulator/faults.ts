// Faults on request, so that clients can be tried: refusals, broken and stalled connections, delay. Random ones come from a seed.

import { randomNumbers } from "./random.ts";

/** What may go wrong. `reset` ends the connection before any answer, `truncate` amid the body; after `stall` nothing more comes. */
export type FaultKind = "401" | "403" | "429" | "503" | "reset" | "truncate" | "stall";

const KINDS: readonly string[] = ["401", "403", "429", "503", "reset", "truncate", "stall"] satisfies FaultKind[];

/** Which requests suffer what. All parts but one of `kinds` and `latency` may be left out. */
export interface FaultRule {
  /** One of these, by chance. */
  readonly kinds?: readonly FaultKind[];
  /** Milliseconds before the answer. */
  readonly latency?: number;
  /** The share of the requests that suffer, 0 to 1; 1 if absent. */
  readonly rate?: number;
  /** A regular expression on method and target, such as `^GET .*alt=media`; all requests if absent. */
  readonly match?: string;
  /** After so many faults the rule is spent. */
  readonly times?: number;
  /** The start of the random numbers; 1 if absent. */
  readonly seed?: number;
  /** Seconds that a 429 asks to wait; 1 if absent. */
  readonly retryAfter?: number;
}

/** What happens to one request. */
export interface Strike {
  readonly kind: FaultKind | undefined;
  readonly latency: number;
  readonly retryAfter: number;
}

const HARMLESS: Strike = { kind: undefined, latency: 0, retryAfter: 1 };

/** The rules in force. The first that strikes a request decides. */
export class Faults {
  #rules: { readonly rule: FaultRule; readonly pattern: RegExp; readonly random: () => number; struck: number }[] = [];

  /** Adds a rule. Throws a `TypeError` if it is not one. */
  add(rule: FaultRule): void {
    checkRule(rule);
    this.#rules.push({ rule, pattern: new RegExp(rule.match ?? ""), random: randomNumbers(rule.seed ?? 1), struck: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The rules, and how often each has struck. */
  state(): object {
    return { rules: this.#rules.map(({ rule, struck }) => ({ ...rule, struck })) };
  }

  /** What happens to a request for `target`. */
  strike(method: string, target: string): Strike {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (entry.struck >= (rule.times ?? Number.POSITIVE_INFINITY) || !entry.pattern.test(`${method} ${target}`)) continue;
      if (entry.random() >= (rule.rate ?? 1)) continue;
      entry.struck++;
      const kinds = rule.kinds ?? [];
      return { kind: kinds[Math.floor(entry.random() * kinds.length)], latency: rule.latency ?? 0, retryAfter: rule.retryAfter ?? 1 };
    }
    return HARMLESS;
  }
}

/** The fault that a request asks for itself, by the header `x-emulator-fault`. */
export function requestedFault(header: string | undefined): FaultKind | undefined {
  return KINDS.find((kind) => kind === header) as FaultKind | undefined;
}

function checkRule(rule: FaultRule): void {
  const number = (value: unknown): boolean => value === undefined || (typeof value === "number" && value >= 0);
  if (rule.kinds === undefined && rule.latency === undefined) throw new TypeError("a fault needs kinds or latency");
  if (rule.kinds !== undefined && !(Array.isArray(rule.kinds) && rule.kinds.every((kind) => KINDS.includes(kind)))) {
    throw new TypeError(`kinds are ${KINDS.join(", ")}`);
  }
  for (const key of ["latency", "rate", "times", "seed", "retryAfter"] as const) {
    if (!number(rule[key])) throw new TypeError(`${key} is a number`);
  }
}
