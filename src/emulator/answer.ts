// One HTTP request of the emulator and its answer: JSON with the `fields` selector, bodies of bytes, and the faults that cut them short.
// Google Cloud Storage JSON API, "Standard query parameters" and "Status and error codes".
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { select } from "./fields.ts";

/** What may happen to a body after its headers were sent: the connection closes early, or nothing more comes. */
type BodyFault = "truncate" | "stall";

/** A request being answered. `base` is the origin by which the client called, such as `http://127.0.0.1:9199`. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly base: string;
  readonly bodyFault: BodyFault | undefined;
}

export type Headers = Record<string, string | number | readonly string[]>;

/** A body, as bytes at hand or as a stream that is opened when it is sent; one whose length is not known beforehand is sent in chunks. */
export interface Body {
  readonly length: number | undefined;
  readonly bytes: Uint8Array | (() => Readable);
}

/** Answers with JSON, cut down to what the `fields` parameter asks for. */
export function sendJson(exchange: Exchange, status: number, value: object, headers: Headers = {}): Promise<void> {
  const fields = exchange.query.get("fields");
  const bytes = Buffer.from(JSON.stringify(fields === null ? value : select(value, fields)));
  return send(
    exchange,
    status,
    { "content-type": "application/json; charset=UTF-8", "cache-control": "private, max-age=0", ...headers },
    { length: bytes.length, bytes },
  );
}

/** Answers with headers alone. */
export function sendNothing(exchange: Exchange, status: number, headers: Headers = {}): Promise<void> {
  return send(exchange, status, headers, { length: 0, bytes: Buffer.alloc(0) });
}

/** Answers with a body; a body fault of the exchange cuts it in the middle. A HEAD request gets the headers alone. */
export async function send(exchange: Exchange, status: number, headers: Headers, body: Body): Promise<void> {
  const { response, request, bodyFault } = exchange;
  const withLength = status !== 204 && status !== 304 && body.length !== undefined;
  const all: Headers = { server: "UploadServer", ...headers };
  if (withLength) all["content-length"] = body.length as number;
  response.writeHead(status, all as OutgoingHttpHeaders);
  if (request.method === "HEAD" || body.length === 0) {
    response.end();
  } else if (bodyFault !== undefined) {
    await sendPart(exchange, body, bodyFault);
  } else if (body.bytes instanceof Uint8Array) {
    response.end(body.bytes);
  } else {
    await pipeline(body.bytes(), response);
  }
}

const UNKNOWN_LENGTH = 1024;

async function sendPart({ response }: Exchange, body: Body, fault: BodyFault): Promise<void> {
  let left = Math.floor((body.length ?? UNKNOWN_LENGTH) / 2);
  const chunks = body.bytes instanceof Uint8Array ? [body.bytes] : body.bytes();
  response.flushHeaders();
  for await (const chunk of chunks) {
    const part = (chunk as Uint8Array).subarray(0, left);
    left -= part.length;
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
    if (left === 0) break;
  }
  if (fault === "truncate") response.destroy();
}
