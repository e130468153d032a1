#!/usr/bin/env node
/**
 * Whether the container does its work: what serves is asked over HTTP, everything else is well as long as it runs. The arguments are those
 * of the first process, where Docker's own `--init` may stand before tini.
 */
import { readFileSync } from "node:fs";

const DEFAULTS = { serve: process.env.PORT || "8080", emulate: "4443", worker: undefined };

const words = readFileSync("/proc/1/cmdline", "utf8").split("\0");
const [command = "", ...options] = words.slice(words.findIndex((word) => word.endsWith("/entrypoint.sh")) + 1);
const said = options.findLast((word, i) => options[i - 1] === "--port" || word.startsWith("--port="))?.replace("--port=", "");
const port = Object.hasOwn(DEFAULTS, command) ? said || process.env.IMAGEMETA_PORT || DEFAULTS[command] : undefined;
// Where it took a free port nobody else knows it.
if (port !== undefined && port !== "0") {
  const path = command === "emulate" ? "/storage/v1/b?project=health" : "/healthz";
  const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4000) });
  if (status !== 200) throw new Error(`${path} answered ${status}`);
}
