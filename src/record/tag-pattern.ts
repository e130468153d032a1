/** Patterns of tags: `GROUP:NAME` or `NAME`, with `*`, case aside. */

export interface TagPattern {
  group(group: string): boolean;
  name(name: string): boolean;
}

export function tagPattern(text: string): TagPattern {
  const at = text.indexOf(":");
  const [groups, names] = at < 0 ? [wildcard("*"), wildcard(text)] : [wildcard(text.slice(0, at)), wildcard(text.slice(at + 1))];
  return { group: (group) => groups.test(group), name: (name) => names.test(name) };
}

function wildcard(text: string): RegExp {
  return new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"))
      .join(".*")}$`,
    "i",
  );
}
