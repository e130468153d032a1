/**
 * What Terraform asks of a provider, answered from the facts of terraform.schema.json: Terraform itself then validates and plans a
 * module of Google's provider without it. Plugin protocol 5.4 (tfplugin5.proto) over gRPC (HTTP/2), of which only what is used here
 * is spoken. What a provider only knows afterwards is unknown in a plan; data sources give made-up values.
 */
import { readFileSync } from "node:fs";
import { createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";

type Field =
  | string
  | { readonly nesting: "list" | "set" | "single"; readonly flags: string; readonly most?: number; readonly block: Fields };
type Fields = Readonly<Record<string, Field>>;

const { provider, resources, data } = JSON.parse(readFileSync(new URL("./terraform.schema.json", import.meta.url), "utf8")) as {
  readonly provider: Fields;
  readonly resources: Readonly<Record<string, Fields>>;
  readonly data: Readonly<Record<string, Fields>>;
};

/** Protocol buffers: a varint, and a field of bytes. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}
const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);
function bytes(field: number, value: Uint8Array | string): Buffer {
  const held = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(held.length), held]);
}

/** The fields of a message that are bytes; others are skipped. */
function fieldsOf(message: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  const next = () => {
    let [value, shift] = [0, 1];
    for (;;) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
      shift *= 128;
    }
  };
  while (at < message.length) {
    const tag = next();
    const length = next();
    if (tag % 8 !== 2) continue;
    found.set(Math.floor(tag / 8), message.subarray(at, at + length));
    at += length;
  }
  return found;
}

const FLAGS = { R: 4, O: 5, C: 6 } as const;
const NESTING = { single: 1, list: 2, set: 3 } as const;

/** Schema.Block */
function block(fields: Fields): Buffer {
  return Buffer.concat(
    Object.entries(fields).map(([name, field]) => {
      if (typeof field !== "string") {
        const { nesting, flags, most = 0, block: inner } = field;
        const least = flags.includes("R") ? 1 : 0;
        const parts = [bytes(1, name), bytes(2, block(inner)), number(3, NESTING[nesting]), number(4, least), number(5, most)];
        return bytes(3, Buffer.concat(parts));
      }
      const [flags = "", ...type] = field.split(" ");
      const [kind, , item] = type;
      const flagged = Object.entries(FLAGS).map(([flag, at]) => number(at, flags.includes(flag) ? 1 : 0));
      return bytes(2, Buffer.concat([bytes(1, name), bytes(2, JSON.stringify(item === undefined ? kind : [kind, item])), ...flagged]));
    }),
  );
}

const schema = (fields: Fields) => bytes(2, block(fields));
const schemas = (field: number, all: Readonly<Record<string, Fields>>) =>
  Object.entries(all).map(([name, fields]) => bytes(field, Buffer.concat([bytes(1, name), bytes(2, schema(fields))])));

/** Where a value of MessagePack ends. */
function endOf(pack: Buffer, at: number): number {
  const first = pack[at] ?? 0;
  const many = (count: number, from: number): number => {
    let end = from;
    for (let i = 0; i < count; i++) end = endOf(pack, end);
    return end;
  };
  if (first <= 0x7f || first >= 0xe0 || first === 0xc0 || first === 0xc2 || first === 0xc3) return at + 1;
  if (first <= 0x8f) return many(2 * (first & 15), at + 1);
  if (first <= 0x9f) return many(first & 15, at + 1);
  if (first <= 0xbf) return at + 1 + (first & 31);
  const fixed: Readonly<Record<number, number>> = {
    202: 5,
    203: 9,
    204: 2,
    205: 3,
    206: 5,
    207: 9,
    208: 2,
    209: 3,
    210: 5,
    211: 9,
    212: 3,
  };
  if (fixed[first] !== undefined) return at + fixed[first];
  if (first === 0xc4 || first === 0xd9) return at + 2 + pack.readUInt8(at + 1);
  if (first === 0xda) return at + 3 + pack.readUInt16BE(at + 1);
  if (first === 0xdc) return many(pack.readUInt16BE(at + 1), at + 3);
  if (first === 0xde) return many(2 * pack.readUInt16BE(at + 1), at + 3);
  if (first === 0xc7) return at + 3 + pack.readUInt8(at + 1);
  throw new Error(`MessagePack: ${first.toString(16)}`);
}

/** The object, with another value where a computed attribute is null. */
function completed(pack: Buffer, fields: Fields, value: Buffer): Buffer {
  const first = pack[0] ?? 0;
  if (first === 0xc0) return pack;
  const isShort = first < 0x90;
  const count = isShort ? first & 15 : pack.readUInt16BE(1);
  let at = isShort ? 1 : 3;
  const parts = [pack.subarray(0, at)];
  for (let i = 0; i < count; i++) {
    const end = endOf(pack, at);
    const name = pack.subarray(at + ((pack[at] ?? 0) === 0xd9 ? 2 : 1), end).toString();
    const last = endOf(pack, end);
    const field = fields[name];
    const isOpen = pack[end] === 0xc0 && typeof field === "string" && /^\w*C/.test(field);
    parts.push(pack.subarray(at, end), isOpen ? value : pack.subarray(end, last));
    at = last;
  }
  return Buffer.concat(parts);
}

const UNKNOWN = Buffer.from([0xd4, 0, 0]);
const MADE_UP = Buffer.from("\xa5" + "12345", "latin1");

/** Each answer from the fields of its request. */
const ANSWERS: Readonly<Record<string, (request: Map<number, Buffer>) => Buffer>> = {
  GetSchema: () => Buffer.concat([bytes(1, schema(provider)), ...schemas(2, resources), ...schemas(3, data)]),
  PrepareProviderConfig: (request) => bytes(1, request.get(1) ?? ""),
  Configure: () => Buffer.alloc(0),
  ValidateResourceTypeConfig: () => Buffer.alloc(0),
  ValidateDataSourceConfig: () => Buffer.alloc(0),
  // Of a legacy provider, as Google's is: a plan need not be what was configured to the letter.
  PlanResourceChange: (request) =>
    Buffer.concat([bytes(1, dynamic(request.get(3), resources[String(request.get(1))] ?? {}, UNKNOWN)), number(4, 1)]),
  ReadDataSource: (request) => bytes(1, dynamic(request.get(2), data[String(request.get(1))] ?? {}, MADE_UP)),
  Stop: () => Buffer.alloc(0),
};

/** DynamicValue */
function dynamic(value: Buffer | undefined, fields: Fields, open: Buffer): Buffer {
  return bytes(1, completed(fieldsOf(value ?? Buffer.alloc(0)).get(1) ?? Buffer.from([0xc0]), fields, open));
}

export interface FactsProvider {
  /** TF_REATTACH_PROVIDERS */
  readonly reattach: string;
  close(): void;
}

export async function serveFacts(): Promise<FactsProvider> {
  const server = createServer();
  const open = new Set<{ destroy(): void }>();
  server.on("session", (session) => {
    open.add(session);
    session.once("close", () => open.delete(session));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    const [, service, method = ""] = String(headers[":path"]).split("/");
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", () => {});
    stream.on("end", () => {
      if (stream.destroyed) return;
      const answer = service === "tfplugin5.Provider" ? ANSWERS[method] : undefined;
      const type = { ":status": 200, "content-type": "application/grpc" };
      // gRPC says so of a method that a server does not have: UNIMPLEMENTED.
      if (answer === undefined) {
        stream.respond({ ...type, "grpc-status": "12", "grpc-message": method }, { endStream: true });
        return;
      }
      const message = answer(fieldsOf(Buffer.concat(chunks).subarray(5)));
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      stream.respond(type, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.concat([prefix, message]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const google = {
    Protocol: "grpc",
    ProtocolVersion: 5,
    Pid: process.pid,
    Test: true,
    Addr: { Network: "tcp", String: `127.0.0.1:${port}` },
  };
  return {
    reattach: JSON.stringify({ "registry.terraform.io/hashicorp/google": google }),
    close() {
      for (const session of open) session.destroy();
      server.close();
    },
  };
}
