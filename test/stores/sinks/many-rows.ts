/** Writes so many small records into a Parquet file, and says the most memory that it had, in KiB. */
import { writeRecordFile } from "../../../src/stores/formats/record-file.ts";
import { numbered } from "./numbered.ts";

const [path = "", count = "0"] = process.argv.slice(2);
await writeRecordFile(
  path,
  (function* () {
    for (let i = 0; i < Number(count); i++) yield numbered(i);
  })(),
);
process.stdout.write(String(process.resourceUsage().maxRSS));
