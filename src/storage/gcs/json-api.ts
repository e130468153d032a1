/** One request to the JSON API (docs.cloud.google.com/storage/docs/json_api/v1), repeated if it fails for the moment. */
import { gunzipSync } from "node:zlib";
import { ImagemetaError } from "../../record/errors.ts";
import type { ReadCost } from "../../record/types.ts";
import { ask } from "../http/ask.ts";
import type { ObjectOptions } from "../http/object.ts";
import type { Answer } from "../http/transport.ts";
import { requestHeaders } from "./endpoint.ts";
import type { GcsDialectOptions } from "./object.ts";
import { type Asked, refusal } from "./refusal.ts";

export type GcsOptions = ObjectOptions & GcsDialectOptions;

const MAX_ANSWER_BYTES = 64 << 20;

/**
 * The JSON that a path answers with.
 * @throws ImagemetaError NOT_FOUND, FORBIDDEN, UNAUTHENTICATED, UNAVAILABLE; the signal's reason
 */
export async function getJson(
  path: string,
  asked: Omit<Asked, "isAnonymous">,
  { origin, tokens, userProject, transport, backoff, deadline }: GcsOptions,
  signal: AbortSignal,
): Promise<unknown> {
  const { what } = asked;
  const cost: ReadCost = { requests: 0, bytes: 0 };
  let token: string | undefined;
  let isRenewed = false;
  return ask(
    {
      async request() {
        token = await tokens.token();
        return { origin, path, headers: requestHeaders(token, userProject), most: MAX_ANSWER_BYTES };
      },
      async take(answer) {
        if (answer.status === 200) return answer.broken === undefined ? { outcome: parsed(answer, what) } : "retry";
        if (answer.status === 401 && token !== undefined && !isRenewed) {
          isRenewed = true;
          await tokens.refused(token);
          return "again";
        }
        throw refusal(answer, { ...asked, isAnonymous: token === undefined });
      },
    },
    { transport, backoff, cost, signal, deadline: performance.now() + deadline, what },
  );
}

function parsed({ headers, body }: Answer, what: string): unknown {
  try {
    const text =
      headers["content-encoding"] === "gzip"
        ? gunzipSync(body, { maxOutputLength: MAX_ANSWER_BYTES })
        : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    return JSON.parse(text.toString());
  } catch (cause) {
    throw new ImagemetaError("UNAVAILABLE", `${what}: the answer is no JSON; is this Cloud Storage?`, { cause });
  }
}
