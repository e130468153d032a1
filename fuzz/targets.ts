/** What is fuzzed: every container and the detection by whole files, every decoder by its blocks. */
import type { Engine, Input, Result } from "./engine.ts";

export interface Target {
  readonly name: string;
  /** Whole files, which run all of the engine, get more of the time. */
  readonly weight: number;
  run(input: Input): Result;
}

const CONTAINER_WEIGHT = 4;

export function targetsOf(engine: Engine): readonly Target[] {
  const readImage = ({ bytes }: Input) => engine.readImage(bytes);
  return [
    ...[...engine.containers.map(({ name }) => name), "detection"].map((name) => ({ name, weight: CONTAINER_WEIGHT, run: readImage })),
    ...engine.decoders.map((decoder) => ({
      name: `block-${decoder.kind}`,
      weight: 1,
      run: (input: Input) => engine.decodeBlock(decoder, input),
    })),
  ];
}

export function findTarget(engine: Engine, name: string): Target {
  const targets = targetsOf(engine);
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`no target ${name}: ${targets.map((one) => one.name).join(", ")}`);
  return target;
}
