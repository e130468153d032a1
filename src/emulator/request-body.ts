// The bodies of requests that are held in memory: JSON, and the small uploads that come with their metadata.
import type { IncomingMessage } from "node:http";
import { Refusal } from "./failures.ts";

const LARGEST_JSON = 1 << 22;

/** A request's body. Throws a 413 beyond `most` bytes. */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > most) throw new Refusal(413, "uploadTooLarge", "EntityTooLarge", `The request is larger than ${most} bytes.`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** A request's body as a JSON object; an empty body is an empty object. Throws a 400 for anything else. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  return jsonObject(await readBody(request, LARGEST_JSON));
}

/** Bytes as a JSON object; none are an empty object. Throws a 400 for anything else. */
export function jsonObject(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as for JSON that is not an object.
  }
  throw new Refusal(400, "parseError", "InvalidArgument", "Parse Error");
}
