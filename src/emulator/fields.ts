// The `fields` parameter: a partial response, such as `items(name,metadata/camera),nextPageToken`.
// Google Cloud Storage JSON API, "Partial response"; the wildcard `*` stands for any key.
import { invalid } from "./failures.ts";

/** The keys that were asked for; an empty tree below a key means all of it. */
type FieldTree = Map<string, FieldTree>;

/** The parts of `value` that `selector` names; arrays are passed through item by item. Throws a 400 for a selector that cannot be parsed. */
export function select(value: object, selector: string): object {
  const trees = parsed.get(selector) ?? parse(selector);
  if (parsed.size > 100) parsed.clear();
  parsed.set(selector, trees);
  return pick(value, trees) as object;
}

/** Whether `selector` leaves `key` of a list's items in; `undefined` selects everything. */
export function selectsItemField(selector: string | null, key: string): boolean {
  if (selector === null) return true;
  const tree = parse(selector);
  const items = tree.get("items") ?? tree.get("*");
  return items !== undefined && (items.size === 0 || items.has(key) || items.has("*"));
}

const parsed = new Map<string, FieldTree>();

function parse(selector: string): FieldTree {
  const tokens = selector.match(/[^,/()\s]+|[,/()]/g) ?? [];
  let at = 0;
  const list = (into: FieldTree): void => {
    for (;;) {
      path(into);
      if (tokens[at] !== ",") return;
      at++;
    }
  };
  const path = (into: FieldTree): void => {
    const key = tokens[at++];
    if (key === undefined || /^[,/()]$/.test(key)) throw invalid(`Invalid field selection ${selector}`);
    const known = into.get(key);
    const below: FieldTree = known ?? new Map();
    into.set(key, below);
    if (tokens[at] === "/") {
      at++;
      path(below);
    } else if (tokens[at] === "(") {
      at++;
      list(below);
      if (tokens[at++] !== ")") throw invalid(`Invalid field selection ${selector}`);
    } else {
      below.clear();
    }
  };
  const tree: FieldTree = new Map();
  list(tree);
  if (at < tokens.length) throw invalid(`Invalid field selection ${selector}`);
  return tree;
}

function pick(value: unknown, tree: FieldTree): unknown {
  if (tree.size === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, tree));
  const picked: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const below = tree.get(key) ?? tree.get("*");
    if (below !== undefined) picked[key] = pick(item, below);
  }
  return picked;
}
