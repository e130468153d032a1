/** Patterns of tags: `GROUP:NAME` or `NAME`, with `*`, case aside. */

export interface TagPattern {
  group(group: string): boolean;
  name(name: string): boolean;
}

export function tagPattern(text: string): TagPattern {
  const at = text.indexOf(":");
  const [group, name] = at < 0 ? [wildcard("*"), wildcard(text)] : [wildcard(text.slice(0, at)), wildcard(text.slice(at + 1))];
  return { group, name };
}

/** Looks for one part behind the other, and never again for one that was found: a file chooses its names. */
function wildcard(pattern: string): (text: string) => boolean {
  const [start = "", ...parts] = pattern.toLowerCase().split("*");
  const end = parts.pop();
  if (end === undefined) return (text) => text.toLowerCase() === start;
  return (text) => {
    const name = text.toLowerCase();
    if (!name.startsWith(start) || !name.endsWith(end)) return false;
    let at = start.length;
    for (const part of parts) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at + end.length <= name.length;
  };
}
