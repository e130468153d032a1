/**
 * Builds dist/ from src/: JavaScript in few files, because each file that a process loads costs it time at its start,
 * and the library's type declarations.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { build } from "rolldown";

const root = new URL("..", import.meta.url).pathname;
const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  input: { index: `${root}src/index.ts`, "cli/main": `${root}src/cli/main.ts`, "cli/function": `${root}src/cli/function.ts` },
  platform: "node",
  external: [/^node:/, ...Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`))],
  output: {
    dir: `${root}dist`,
    format: "esm",
    chunkFileNames: "chunks/[name]-[hash].js",
    minify: { compress: false, mangle: false, codegen: true },
  },
});
chmodSync(`${root}dist/cli/main.js`, 0o755);
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}tsconfig.build.json`], { stdio: "inherit" });
