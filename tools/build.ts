/**
 * Builds dist/ from src/: JavaScript in few files, because each file that a process loads costs it time at its start,
 * the engine for browsers, and the library's type declarations.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { buildEngine } from "./engine-build.ts";
import { buildNode } from "./node-build.ts";

const root = new URL("..", import.meta.url).pathname;

rmSync(`${root}dist`, { recursive: true, force: true });
await buildNode(`${root}dist`);
await buildEngine(`${root}dist/browser`);
chmodSync(`${root}dist/cli/main.js`, 0o755);
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}tsconfig.build.json`], { stdio: "inherit" });
