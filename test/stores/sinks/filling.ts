/** A run that is killed: puts numbered records into a file sink, says on stdout how many are durable, and never closes it. */
import { openFileSink } from "../../../src/stores/sinks/file.ts";
import { numbered } from "./numbered.ts";

const [path = "", batch = "1"] = process.argv.slice(2);
const sink = await openFileSink(path, { values: "numeric" });
for (let next = 0; ; next += Number(batch)) {
  const outcomes = await sink.put(Array.from({ length: Number(batch) }, (_, i) => numbered(next + i)));
  if (outcomes.some(({ result }) => result !== "written")) throw new Error("not written");
  process.stdout.write(`${next + outcomes.length}\n`);
}
