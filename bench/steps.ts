/**
 * What a step of the engine's budget takes, in nanoseconds, for every container and decoder: from its bytes to JSON. The limit of steps
 * bounds time only if a step costs about the same everywhere. `npm run bench -- steps` prints them all.
 */
import { fileURLToPath } from "node:url";
import { usualContexts } from "../fuzz/built.ts";
import { type Input, loadEngine } from "../fuzz/engine.ts";
import { notesDecoders } from "../fuzz/notes.ts";
import { sceneAlone } from "../fuzz/scene.ts";
import { seedsOf } from "../fuzz/seeds.ts";
import { targetsOf } from "../fuzz/targets.ts";
import type { AnyDecoder, Context } from "../fuzz/version.ts";
import { decoders } from "../src/metadata/blocks/table.ts";
import { Budget } from "../src/metadata/budget.ts";
import { ByteWindow } from "../src/metadata/bytes/window.ts";
import { isRead } from "../src/metadata/containers/detect.ts";
import { containers } from "../src/metadata/containers/table.ts";
import { Found } from "../src/metadata/findings.ts";
import { makers } from "../src/metadata/makernotes/table.ts";
import { Sink } from "../src/metadata/sink.ts";
import { defaultLimits } from "../src/record/limits.ts";
import { type Measure, median } from "./measure.ts";

/** Inputs of one parser, those with the most steps: the shortest measure little but the call itself. */
const INPUTS = 12;
const ROUNDS = 5;
const ROUND_MS = 4;
/** A step may take this many times as long as in the median parser. */
const MAX_FACTOR = 4;

type Parse = (found: Found, data: ByteWindow, input: Input) => void;

/** Of blocks that came without one. */
const contexts = new Map<string, Context>(Object.entries(usualContexts));

const parsers = new Map<string, Parse>([
  ...containers.filter(isRead).map((container): [string, Parse] => [container.name, (found, data) => container.parse(data, found)]),
  ...[...Object.values<AnyDecoder>(decoders), ...notesDecoders(makers, decoders.exif)].map((decoder): [string, Parse] => [
    `block-${decoder.kind}`,
    (found, data, { context = contexts.get(decoder.kind) }) => decoder.decode({ data, context }, found),
  ]),
]);

/** Used for one input after the other, as the engine does: its columns grow once. */
const sink = new Sink();

/** Reads one input to JSON; returns the steps. */
function run(parse: Parse, input: Input): number {
  const budget = new Budget(defaultLimits);
  const data = ByteWindow.whole(input.bytes, 0, budget);
  const found = new Found(sceneAlone(sink, budget), data, { depth: 0, isLow: false });
  // As the engine charges it for being a block.
  found.block({ kind: "json" });
  try {
    parse(found, data, input);
  } catch {
    // Damage ends the input, and its steps count all the same.
  }
  JSON.stringify(sink.tags("printed", () => {}));
  return budget.spent.steps;
}

/** Nanoseconds a step: the quickest of some rounds, over the inputs together. */
function nanoseconds(parse: Parse, inputs: readonly Input[]): number {
  let best = Number.POSITIVE_INFINITY;
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    let steps = 0;
    const started = process.cpuUsage();
    const from = performance.now();
    do for (const input of inputs) steps += run(parse, input);
    while (performance.now() - from < ROUND_MS);
    const { user, system } = process.cpuUsage(started);
    if (round > 0) best = Math.min(best, ((user + system) * 1000) / steps);
  }
  return best;
}

export async function measureSteps(): Promise<readonly Measure[]> {
  const engine = await loadEngine(fileURLToPath(new URL("../src", import.meta.url)));
  const costs = targetsOf(engine).flatMap((target) => {
    const parse = parsers.get(target.name);
    // Detection is not a parser.
    if (parse === undefined) return [];
    const heavy = seedsOf(engine, target, undefined)
      .inputs.map((input) => ({ input, steps: run(parse, input) }))
      .sort((a, b) => b.steps - a.steps)
      .slice(0, INPUTS)
      .map(({ input }) => input);
    return [{ name: target.name, cost: nanoseconds(parse, heavy) }];
  });
  const middle = median(costs.map(({ cost }) => cost));
  costs.sort((a, b) => b.cost - a.cost);
  for (const { name, cost } of costs) process.stdout.write(`${cost.toFixed(1).padStart(8)} ns a step  ${name}\n`);
  const ratio = (costs[0]?.cost ?? 0) / middle;
  return [
    {
      what: `the dearest step (${costs[0]?.name}) beside the median of ${costs.length} parsers (${middle.toFixed(1)} ns)`,
      ratio,
      limit: `at most ${MAX_FACTOR}`,
      holds: ratio <= MAX_FACTOR,
    },
  ];
}
