/** A project of one source, for tests of the rules that `npm run check` holds. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "es2024", lib: ["es2024"], module: "nodenext", types: [], strict: true, noEmit: true },
  include: ["src"],
});

/** What `check` finds in a project whose only source is `code`. */
export function checkSnippet<T>(code: string, check: (config: string, folder: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), "imagemeta-rule-"));
  try {
    mkdirSync(join(root, "src"));
    writeFileSync(join(root, "tsconfig.json"), TSCONFIG);
    writeFileSync(join(root, "src", "snippet.ts"), code);
    return check(join(root, "tsconfig.json"), "src");
  } finally {
    rmSync(root, { recursive: true });
  }
}
