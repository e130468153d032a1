/** Texts that cost a regular expression most if anything does: made of the expression's own parts, one of them repeated. */
import { type AST, parseRegExpLiteral, visitRegExpAST } from "@eslint-community/regexpp";

/** A text is `prefix`, `pump` as often as its length asks for, `suffix`. */
export interface PumpedText {
  readonly prefix: string;
  readonly pump: string;
  readonly suffix: string;
}

/** Characters beside those of the expression: each common class has some. */
const GENERIC = [
  "\0",
  "\t",
  "\n",
  " ",
  "0",
  "1",
  "9",
  "a",
  "f",
  "z",
  "A",
  "Z",
  "_",
  "-",
  "+",
  ".",
  ",",
  ":",
  ";",
  "/",
  "<",
  ">",
  "=",
  "'",
  '"',
];

/** Belongs to a class only if that class has nearly everything. */
const FOREIGN = "\uffff";

/** Pairs of characters are pumped if the expression tells at most this many kinds of characters apart. */
const MAX_PAIRED_KINDS = 16;

export function pumpedTexts(literal: string): PumpedText[] {
  const root = parseRegExpLiteral(literal);
  const kinds = kindsOfCharacters(root);
  const sample = (node: AST.Node) => sampleOf(node, kinds);
  const whole = sample(root.pattern);
  const pumps = new Set([...kinds, whole, ...whole]);
  const prefixes = new Set([""]);
  visitRegExpAST(root, {
    onQuantifierEnter(quantifier) {
      pumps.add(sample(quantifier.element));
      pumps.add(sample(quantifier.element) + behind(quantifier, sample));
      prefixes.add(before(quantifier, sample));
    },
    onAlternativeEnter: (alternative) => void pumps.add(sample(alternative)),
  });
  pumps.delete("");
  const texts: PumpedText[] = [];
  for (const pump of pumps)
    for (const prefix of prefixes) for (const suffix of ["", FOREIGN, `${FOREIGN}${whole}`]) texts.push({ prefix, pump, suffix });
  if (kinds.length <= MAX_PAIRED_KINDS)
    for (const first of kinds)
      for (const second of kinds) if (first !== second) texts.push({ prefix: "", pump: first + second, suffix: FOREIGN });
  return texts;
}

/** The text at `length` characters, or a little more. */
export function pumped({ prefix, pump, suffix }: PumpedText, length: number): string {
  return prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix;
}

/** One character of each kind that the expression tells apart. */
function kindsOfCharacters(root: AST.RegExpLiteral): string[] {
  const tests: RegExp[] = [/\w/];
  const characters = new Set([...GENERIC, FOREIGN]);
  const flags = root.flags.ignoreCase ? "is" : root.flags.dotAll ? "s" : "";
  visitRegExpAST(root, {
    onCharacterEnter: ({ value }) => void characters.add(String.fromCodePoint(value)),
    onCharacterClassEnter: ({ raw }) => void tests.push(new RegExp(raw, flags)),
    onCharacterSetEnter: ({ raw }) => void tests.push(new RegExp(raw, flags)),
  });
  visitRegExpAST(root, {
    onCharacterEnter: ({ raw, parent }) => {
      if (parent.type !== "CharacterClass" && parent.type !== "CharacterClassRange") tests.push(new RegExp(raw, flags));
    },
  });
  const kinds = new Map<string, string>();
  for (const character of characters) {
    const kind = tests.map((test) => (test.test(character) ? 1 : 0)).join("");
    if (!kinds.has(kind)) kinds.set(kind, character);
  }
  return [...kinds.values()];
}

/** A text that the node matches; assertions and references count as empty. */
function sampleOf(node: AST.Node, kinds: readonly string[]): string {
  switch (node.type) {
    case "Pattern":
    case "Group":
    case "CapturingGroup":
      return sampleOf(node.alternatives[0] as AST.Alternative, kinds);
    case "Alternative":
      return node.elements.map((element) => sampleOf(element, kinds)).join("");
    case "Quantifier":
      return sampleOf(node.element, kinds).repeat(Math.max(node.min, node.max === 0 ? 0 : 1));
    case "Character":
      return String.fromCodePoint(node.value);
    case "CharacterSet":
    case "CharacterClass": {
      const test = new RegExp(node.raw);
      return kinds.find((kind) => test.test(kind)) ?? "";
    }
    default:
      return "";
  }
}

/** What the expression matches before the quantifier, from its start. */
function before(node: AST.Node, sample: (node: AST.Node) => string): string {
  const { parent } = node;
  if (parent === null) return "";
  const preceding = parent.type === "Alternative" ? parent.elements.slice(0, parent.elements.indexOf(node as AST.Element)) : [];
  return before(parent, sample) + preceding.map(sample).join("");
}

/** What the rest of its alternative matches behind the quantifier. */
function behind(quantifier: AST.Quantifier, sample: (node: AST.Node) => string): string {
  const { elements } = quantifier.parent;
  return elements
    .slice(elements.indexOf(quantifier) + 1)
    .map(sample)
    .join("");
}
