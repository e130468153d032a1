/** The engine as it was before it was rebuilt: a build of that commit, made once and kept in `.cache/`. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";

const COMMIT = "9bf3e85c777aab404fa3219540ccab940fb27ea3";
const root = new URL("..", import.meta.url).pathname;

/** The path of the build's `index.js`; undefined if this checkout does not have the commit. */
export function baseline(): string | undefined {
  const folder = `${root}.cache/baseline-${COMMIT.slice(0, 7)}`;
  const index = `${folder}/dist/index.js`;
  if (existsSync(index)) return index;
  let sources: Buffer;
  try {
    sources = execFileSync("git", ["-C", root, "archive", COMMIT], { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
  const making = `${folder}-making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  execFileSync("tar", ["-x", "-C", making], { input: sources });
  symlinkSync(`${root}node_modules`, `${making}/node_modules`);
  // Its last step, the type declarations, may miss types of packages that the project no longer has. They are not needed.
  const { stderr } = spawnSync(process.execPath, [`${making}/tools/build.ts`], { cwd: making, stdio: ["ignore", "ignore", "pipe"] });
  if (!existsSync(`${making}/dist/index.js`)) throw new Error(`the baseline was not built: ${stderr}`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
  return index;
}
