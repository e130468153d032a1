/** A process that puts records into a SQLite catalogue batch by batch, and says each address that was acknowledged. Arguments: path, name, batches. */
import { openSqlite } from "../../src/stores/sqlite/catalogue.ts";
import { objectAt, recordOf } from "../conformance/catalogue-model.ts";

const [path = "", name = "", batches = "0"] = process.argv.slice(2);
const catalogue = await openSqlite(path);
for (let batch = 0; batch < Number(batches); batch++) {
  const records = Array.from({ length: 20 }, (_, i) => recordOf(`gs://b/${name}-${batch}-${i}`, objectAt("5", "1")));
  // All writers also write this one, each time in a newer generation.
  records.push(recordOf("gs://b/shared", objectAt(String(batch + 1), "1")));
  const outcomes = await catalogue.put(records);
  const written = outcomes.slice(0, 20).filter(({ result }) => result === "written");
  await new Promise<void>((resolve) => process.stdout.write(written.map(({ uri }) => `${uri}\n`).join(""), () => resolve()));
}
await catalogue.close();
