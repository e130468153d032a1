/** What the alert on failures counts is in the log, at the level that services have by default. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OUTCOMES } from "../../src/pipeline/worker/outcomes.ts";

const service = new URL("../../src/cli/service.ts", import.meta.url).href;

/** The outcomes that a service logs of one message each. */
function logged(): readonly { readonly severity: string; readonly outcome: string }[] {
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-log-"));
  const options = {
    to: join(folder, "catalog.db"),
    processes: 1,
    parseTimeout: 2,
    concurrency: 1,
    maxMessages: 1,
    maxBytes: 1,
    grace: 1,
    host: "",
    logLevel: "info",
  };
  const program = `
    const { openService } = await import(${JSON.stringify(service)});
    const { service, close } = await openService(${JSON.stringify(options)}, "");
    for (const kind of ${JSON.stringify(Object.keys(OUTCOMES))})
      service.answered({ id: "1", attempt: 8 }, undefined, { kind, code: "FORBIDDEN" }, true);
    await close();`;
  try {
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    return stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("each outcome that fails is a warning, one that was given up too; the others are not told", () => {
  const failing = Object.entries(OUTCOMES).flatMap(([kind, { answer }]) => (answer !== "acknowledge" || kind === "given up" ? [kind] : []));
  expect(logged().map(({ severity, outcome }) => `${severity} ${outcome}`)).toEqual(failing.map((kind) => `WARNING ${kind}`));
});
