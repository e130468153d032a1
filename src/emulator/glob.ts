// The patterns of `matchGlob`. Google Cloud Storage JSON API, "Objects: list", "List objects and prefixes using glob".
import { ImagemetaError } from "../record/errors.ts";
import { Glob } from "../record/name-glob.ts";
import { invalid } from "./failures.ts";

/** A test for names. Throws a 400 for a pattern with an unclosed bracket or brace, and for one that is too long. */
export function globTest(pattern: string): (name: string) => boolean {
  const glob = parsed(pattern);
  if (glob.flaw !== undefined) throw invalid(`Invalid glob pattern: ${pattern}: ${glob.flaw}`);
  return (name) => glob.matches(name);
}

function parsed(pattern: string): Glob {
  try {
    return new Glob(pattern);
  } catch (thrown) {
    if (thrown instanceof ImagemetaError) throw invalid(`Invalid glob pattern: ${thrown.message}`);
    throw thrown;
  }
}
