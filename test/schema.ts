/** Validates what every test that makes a record gets, against docs/record.schema.json. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";

const schema = JSON.parse(readFileSync(new URL("../docs/record.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);

export function expectRecord(record: unknown): void {
  validate(record);
  expect(validate.errors ?? [], JSON.stringify(record).slice(0, 400)).toEqual([]);
}

/** Metadata without an address (`readMetadata`, `readMetadataSync`) is a record without `uri`, `object` and `read`. */
export function expectMetadata(metadata: object): void {
  expectRecord({ uri: "-", object: {}, read: { requests: 0, bytes: 0 }, ...metadata });
}
