#!/usr/bin/env node
/** Entry point of the command line. What needs no command is answered before anything heavy is loaded. */
import { enableCompileCache } from "node:module";
import { version } from "../record/version.ts";

enableCompileCache?.();
const [only, ...others] = process.argv.slice(2);
if (others.length === 0 && (only === "--version" || only === "-V")) {
  process.stdout.write(`${version}\n`);
} else {
  // A reader that leaves, as `head` does, is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  const { run } = await import("./program.ts");
  process.exitCode = await run(process.argv);
}
