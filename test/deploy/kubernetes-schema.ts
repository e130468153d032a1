/** The published schemas of Kubernetes' and KEDA's objects, kubernetes.schema.json. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { Manifest } from "./manifests.ts";

const { schemas, definitions } = JSON.parse(readFileSync(new URL("./kubernetes.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

/** What is wrong with it, by the published schema of its kind. */
export function faultsOf(object: Manifest): unknown {
  const kind = `${object.apiVersion} ${object.kind}`;
  if (schemas[kind] === undefined) return `no schema of ${kind}`;
  const validate = ajv.compile({ ...schemas[kind], definitions });
  return validate(object)
    ? []
    : validate.errors?.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}
