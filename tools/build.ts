/**
 * Builds dist/ from src/: JavaScript in few files, because each file that a process loads costs it time at its start,
 * the engine for browsers, and the library's type declarations.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { build } from "rolldown";
import { APART } from "./apart.ts";
import { buildEngine } from "./engine-build.ts";
import { lateLoading } from "./late-loading.ts";
import { notices } from "./notices.ts";

const root = new URL("..", import.meta.url).pathname;

/** What most commands share, and what those share that write into a store. What loads a library stays with those that use it. */
const SHARED = [
  { name: "common", test: /\/src\/(record\/(?!version)|cli\/(arguments|outcome)\.)/, minShareCount: 3 },
  {
    name: "pipeline",
    test: /\/src\/(pipeline\/(writing|reading|within|worker\/(?!metrics|trace)|events)|storage\/((table|options|selection)\.|http\/backoff)|stores\/(open|merge|prefix)\.)/,
    minShareCount: 2,
  },
];

rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  input: {
    index: `${root}src/index.ts`,
    engine: `${root}src/engine.ts`,
    "cli/main": `${root}src/cli/main.ts`,
    "cli/function": `${root}src/cli/function.ts`,
    // Where sibling-script.ts looks for them.
    "reading/member": `${root}src/pipeline/reading/member.ts`,
    "reading/watchdog": `${root}src/pipeline/reading/watchdog.ts`,
  },
  platform: "node",
  preserveEntrySignatures: "allow-extension",
  plugins: [lateLoading, notices],
  external: [/^node:/, ...APART.map((name) => new RegExp(`^${name}(/|$)`))],
  output: {
    dir: `${root}dist`,
    format: "esm",
    // What most commands share is one file, not thirty small ones.
    codeSplitting: {
      groups: SHARED,
      includeDependenciesRecursively: false,
    },
    chunkFileNames: "chunks/[name]-[hash].js",
    minify: { compress: false, mangle: false, codegen: true },
  },
});
await buildEngine(`${root}dist/browser`);
chmodSync(`${root}dist/cli/main.js`, 0o755);
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}tsconfig.build.json`], { stdio: "inherit" });
