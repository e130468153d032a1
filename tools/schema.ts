/** Writes docs/record.schema.json (JSON Schema 2020-12) from the types in src/record/types.ts. `--check` only compares. */
import { readFileSync, writeFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";

const target = new URL("../docs/record.schema.json", import.meta.url);

const generated = createGenerator({
  path: new URL("../src/record/types.ts", import.meta.url).pathname,
  tsconfig: new URL("../tsconfig.json", import.meta.url).pathname,
  type: "ImageRecord",
  skipTypeCheck: true,
  additionalProperties: false,
}).createSchema("ImageRecord");

// The generator writes draft 07; what it uses of it is the same in 2020-12 but for the name of the definitions.
const text = JSON.stringify(
  {
    $id: "urn:imagemeta:record:1",
    title: "The record: what imagemeta says of one image",
    ...generated,
    $schema: "https://json-schema.org/draft/2020-12/schema",
  },
  null,
  2,
)
  .replaceAll('"#/definitions/', '"#/$defs/')
  .replace('"definitions":', '"$defs":');

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== `${text}\n`) {
    process.stderr.write("docs/record.schema.json is out of date: run `npm run schema`\n");
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, `${text}\n`);
}
