/** Names of Pub/Sub's resources: whole (`projects/P/topics/T`), or short, completed by the project (google.aip.dev/122). */
import { ImagemetaError } from "../../record/errors.ts";

/** @throws ImagemetaError MALFORMED where it is no name, or short and the project is unknown */
export function topicName(name: string, project: string | undefined): string {
  return resourceName("topics", name, project);
}

/** @throws ImagemetaError MALFORMED */
export function subscriptionName(name: string, project: string | undefined): string {
  return resourceName("subscriptions", name, project);
}

/** The project of a whole name. */
export function projectOf(name: string): string {
  return name.split("/")[1] ?? "";
}

function resourceName(collection: "topics" | "subscriptions", name: string, project: string | undefined): string {
  const whole = new RegExp(`^projects/[^/]+/${collection}/[^/]+$`);
  if (whole.test(name)) return name;
  const kind = collection.slice(0, -1);
  // "Resource names" of Pub/Sub: 3 to 255 characters, a letter first, not `goog`.
  if (!/^(?!goog)[a-z][a-z0-9._~+%-]{2,254}$/i.test(name))
    throw new ImagemetaError("MALFORMED", `${name} is no name of a ${kind}: write MY-NAME or projects/PROJECT/${collection}/MY-NAME`);
  if (project === undefined)
    throw new ImagemetaError(
      "MALFORMED",
      `the project of the ${kind} ${name} is not known: give --project, set GOOGLE_CLOUD_PROJECT, or write projects/PROJECT/${collection}/${name}`,
    );
  return `projects/${project}/${collection}/${name}`;
}
