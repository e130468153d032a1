// Projects: all there is to them is the service agent by which Cloud Storage publishes to Pub/Sub.
// Google Cloud Storage JSON API v1, "Projects.serviceAccount: get".
import { createHash } from "node:crypto";
import { type Exchange, sendJson } from "./answer.ts";

/** `GET /storage/v1/projects/PROJECT/serviceAccount` */
export async function getServiceAccount(exchange: Exchange, project: string): Promise<void> {
  await sendJson(exchange, 200, { kind: "storage#serviceAccount", email_address: serviceAgentOf(project) });
}

/** The address of a project's Cloud Storage service agent, such as `service-123456789012@gs-project-accounts.iam.gserviceaccount.com`. */
export const serviceAgentOf = (project: string): string => `service-${projectNumber(project)}@gs-project-accounts.iam.gserviceaccount.com`;

/** A number of twelve digits that follows from the project's id; a number is its own. */
function projectNumber(project: string): string {
  if (/^\d+$/.test(project)) return project;
  const hash = createHash("sha256").update(project).digest().readUIntBE(0, 6);
  return String(100_000_000_000 + (hash % 900_000_000_000));
}
