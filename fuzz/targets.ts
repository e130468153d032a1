/** What is fuzzed: every container and the detection by whole files, every decoder by its blocks. */
import { usualContexts } from "./built.ts";
import type { Engine, Input, Result } from "./engine.ts";
import type { Context } from "./version.ts";

export interface Target {
  readonly name: string;
  /** Whole files, which run all of the engine, get more of the time. */
  readonly weight: number;
  run(input: Input): Result;
}

const CONTAINER_WEIGHT = 4;

const contexts = new Map<string, Context>(Object.entries(usualContexts));

export function targetsOf(engine: Engine): readonly Target[] {
  const readImage = ({ bytes }: Input) => engine.readImage(bytes);
  return [
    ...[...engine.containers.map(({ name }) => name), "detection"].map((name) => ({ name, weight: CONTAINER_WEIGHT, run: readImage })),
    ...engine.decoders.map((decoder) => ({
      name: `block-${decoder.kind}`,
      weight: 1,
      // What comes from a file by hand has none.
      run: ({ bytes, context = contexts.get(decoder.kind) }: Input) => engine.decodeBlock(decoder, { bytes, context }),
    })),
  ];
}

export function findTarget(engine: Engine, name: string): Target {
  const targets = targetsOf(engine);
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`no target ${name}: ${targets.map((one) => one.name).join(", ")}`);
  return target;
}
