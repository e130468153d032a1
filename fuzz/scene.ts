/** A reading of one parser by itself: the blocks that it names are not decoded, and late tables are loaded before. */
import type { Budget } from "../src/metadata/budget.ts";
import type { Scene } from "../src/metadata/findings.ts";
import type { Sink } from "../src/metadata/sink.ts";

/** `sink` is emptied. */
export function sceneAlone(sink: Sink, budget: Budget, onBlock: Scene["onBlock"] = () => {}): Scene {
  sink.begin(budget);
  const onMissingTable: Scene["onMissingTable"] = ({ name }) => {
    throw new Error(`the tables of ${name} are not loaded`);
  };
  return { sink, budget, thorough: false, onBlock, onMissingTable, number: () => 1 };
}
