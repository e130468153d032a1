/** Measures inputs in processes of their own, without coverage: what a finding is judged by. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { engineAt } from "./engine.ts";
import { guarded } from "./guard.ts";
import { type Cost, costOf } from "./oracle.ts";
import { readInput } from "./saved.ts";
import { findTarget } from "./targets.ts";

/** Longer is never: what an input would have taken does not matter. */
const NEVER_MS = 5000;
/** Less is far from every limit but growth, which measures more than one input. */
const WORTH_REPEATING_MS = 10;
const HEAP_MIB = 2048;
const PNG = Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000049454e44ae426082", "hex");

/** What a process of its own says of an input; undefined if it died of it. */
export function measureApart(engine: string, target: string, file: string): Cost | undefined {
  const { stdout } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MIB}`, fileURLToPath(import.meta.url), engine, target, file],
    {
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
      timeout: 8 * NEVER_MS,
      killSignal: "SIGKILL",
    },
  );
  try {
    return JSON.parse(stdout) as Cost;
  } catch {
    return undefined;
  }
}

async function main([engineName = "", targetName = "", file = ""]: readonly string[]): Promise<void> {
  const target = findTarget(await engineAt(engineName), targetName);
  const input = readInput(file);
  target.run({ bytes: PNG });
  const before = process.memoryUsage.rss();
  const run = () => target.run(input);
  const first = guarded(run, NEVER_MS);
  const rose = Math.max(0, process.resourceUsage().maxRSS * 1024 - before);
  let best = first;
  // The first run compiles, and other processes disturb: the least of a few is what it costs.
  for (let i = 0; i < 2 && best.milliseconds > WORTH_REPEATING_MS && !best.ended; i++) {
    const again = guarded(run, NEVER_MS);
    if (!again.ended && again.milliseconds < best.milliseconds) best = again;
  }
  process.stdout.write(JSON.stringify(costOf(input.bytes.length, { ...best, result: first.result }, rose)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
