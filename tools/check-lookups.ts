/**
 * Checks that no object of src/metadata is asked for a text. A file may name `constructor` or `__proto__`, which every
 * object has. A `Map` holds what is looked up by text; `Object.hasOwn(table, key)` in front of `table[key]` also passes, and
 * `table[key] = value` behind `if (key === "__proto__") … else`.
 */
import type { ElementAccessExpression, Expression, Node } from "typescript/unstable/ast";
import { SyntaxKind } from "typescript/unstable/ast";
import {
  isAsExpression,
  isBinaryExpression,
  isBindingElement,
  isComputedPropertyName,
  isConditionalExpression,
  isElementAccessExpression,
  isIfStatement,
  isParenthesizedExpression,
} from "typescript/unstable/ast/is";
import { type Checker, type Type, TypeFlags } from "typescript/unstable/sync";
import { type Fault, inspect, nodesOf, report } from "./typed-sources.ts";

/** Types of keys that a file cannot choose, or that no inherited property has. */
const SAFE_KEYS = TypeFlags.NumberLike | TypeFlags.StringLiteral | TypeFlags.ESSymbolLike;

export function lookupFaults(config: string, folder: string): Fault[] {
  return inspect(config, folder, (source, checker, at) =>
    [...nodesOf(source)].flatMap((node) => {
      const key = keyOf(node);
      if (key === undefined || isSafe(key, checker) || (isElementAccessExpression(node) && isGuarded(node))) return [];
      return [{ ...at(node), message: `an object is asked for the text ${key.getText()}: use a Map` }];
    }),
  );
}

/** The expression that names a property: `table[key]`, `key in table`, `{ [key]: value } = table`. */
function keyOf(node: Node): Expression | undefined {
  if (isElementAccessExpression(node)) return node.argumentExpression;
  if (isBinaryExpression(node) && node.operatorToken.kind === SyntaxKind.InKeyword) return node.left;
  if (isBindingElement(node) && node.propertyName !== undefined && isComputedPropertyName(node.propertyName))
    return node.propertyName.expression;
  return undefined;
}

function isSafe(key: Expression, checker: Checker): boolean {
  // A cast says what a key should be, not what it is.
  if (isAsExpression(key) || isParenthesizedExpression(key)) return isSafe(key.expression, checker);
  const type = checker.getTypeAtLocation(key);
  return type !== undefined && isSafeType(type);
}

function isSafeType(type: Type): boolean {
  if (type.isUnionType()) return type.getTypes().every(isSafeType);
  return (type.flags & SAFE_KEYS) !== 0;
}

/** Whether `Object.hasOwn` was asked for the same object and key, in an `if` or a conditional around the read. */
function isGuarded(access: ElementAccessExpression): boolean {
  const guard = `Object.hasOwn(${access.expression.getText()}, ${access.argumentExpression.getText()})`;
  if (isBinaryExpression(access.parent) && access.parent.left === access && isAssignment(access.parent.operatorToken.kind))
    return isOtherThanPrototype(access);
  for (let node: Node = access; node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (isConditionalExpression(parent) && parent.whenTrue === node && parent.condition.getText() === guard) return true;
    if (isIfStatement(parent) && parent.thenStatement === node && parent.expression.getText() === guard) return true;
  }
  return false;
}

/** Whether the key was told apart from `__proto__`. */
function isOtherThanPrototype(access: ElementAccessExpression): boolean {
  const guard = `${access.argumentExpression.getText()} === "__proto__"`;
  for (let node: Node = access; node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (isIfStatement(parent) && parent.elseStatement === node && parent.expression.getText() === guard) return true;
  }
  return false;
}

function isAssignment(operator: SyntaxKind): boolean {
  return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
}

if (import.meta.main) report(lookupFaults("tsconfig.json", "src/metadata"));
