// The patterns of `matchGlob`: `*` and `?` within a folder, `**` across folders, `[a-z]`, `[!a]`, `{a,b}`, `\` before a sign meant as itself.
// Google Cloud Storage JSON API, "Objects: list", "List objects and prefixes using glob".
import { invalid } from "./failures.ts";

/** A test for names. Throws a 400 for a pattern with an unclosed bracket or brace. */
export function globTest(glob: string): (name: string) => boolean {
  let source = "";
  let braces = 0;
  for (let at = 0; at < glob.length; at++) {
    const sign = glob[at] as string;
    if (glob.startsWith("**/", at) && (at === 0 || glob[at - 1] === "/")) {
      source += "(?:.*/)?";
      at += 2;
    } else if (sign === "*") {
      const across = glob[at + 1] === "*";
      source += across ? ".*" : "[^/]*";
      while (glob[at + 1] === "*") at++;
    } else if (sign === "?") {
      source += "[^/]";
    } else if (sign === "[") {
      const end = glob.indexOf("]", at + 2);
      if (end < 0) throw invalid(`Invalid glob pattern: ${glob}`);
      const set = glob.slice(at + 1, end);
      source += set.startsWith("!") || set.startsWith("^") ? `[^${escapeSet(set.slice(1))}]` : `[${escapeSet(set)}]`;
      at = end;
    } else if (sign === "{") {
      braces++;
      source += "(?:";
    } else if (sign === "}" && braces > 0) {
      braces--;
      source += ")";
    } else if (sign === "," && braces > 0) {
      source += "|";
    } else {
      if (sign === "\\" && at + 1 < glob.length) at++;
      source += (glob[at] as string).replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    }
  }
  if (braces > 0) throw invalid(`Invalid glob pattern: ${glob}`);
  try {
    const pattern = new RegExp(`^${source}$`, "s");
    return (name) => pattern.test(name);
  } catch {
    throw invalid(`Invalid glob pattern: ${glob}`);
  }
}

const escapeSet = (set: string): string => set.replace(/[\\\][^]/g, "\\$&");
