/** Minimal JUMBF superboxes (ISO/IEC 19566-5), CBOR (RFC 8949) and C2PA manifests. */
import { box, bytesOf } from "./heif.ts";
import { u32s } from "./png.ts";

/** The UUIDs of JUMBF and C2PA content types share their end. */
const contentType = (code: string): Buffer => bytesOf(code, Buffer.from("00110010800000aa00389b71", "hex"));

export function superbox(code: string, label: string | undefined, ...content: readonly Uint8Array[]): Buffer {
  const description = label === undefined ? [0x00] : [0x03, label, 0];
  return box("jumb", box("jumd", contentType(code), ...description), ...content);
}

export type Encodable =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Encodable[]
  | { readonly [key: string]: Encodable }
  | Map<Encodable, Encodable>;

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 0x100) return Buffer.from([(major << 5) | 24, value]);
  return bytesOf((major << 5) | 26, u32s(value));
}

function cborOf(value: Encodable): Buffer {
  if (value === null) return Buffer.from([0xf6]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return bytesOf(head(3, Buffer.byteLength(value)), Buffer.from(value));
  if (value instanceof Uint8Array) return bytesOf(head(2, value.length), value);
  if (Array.isArray(value)) return bytesOf(head(4, value.length), ...value.map(cborOf));
  const entries = value instanceof Map ? [...value] : Object.entries(value as { [key: string]: Encodable });
  return bytesOf(head(5, entries.length), ...entries.flatMap(([key, field]) => [cborOf(key), cborOf(field)]));
}

export const cborBox = (value: Encodable): Buffer => box("cbor", cborOf(value));
export const jsonBox = (value: unknown): Buffer => box("json", Buffer.from(JSON.stringify(value)));

function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = bytesOf(...content);
  return bytes.length < 0x80 ? bytesOf(tag, bytes.length, bytes) : bytesOf(tag, 0x82, bytes.length >> 8, bytes.length & 0xff, bytes);
}

const name = (oid: string, text: string): Buffer => der(0x31, der(0x30, der(0x06, Buffer.from(oid, "hex")), der(0x0c, Buffer.from(text))));

/** As much of a certificate as says whom it is for. */
export function certificate(commonName: string, organization: string): Buffer {
  const empty = der(0x30);
  const subject = der(0x30, name("55040a", organization), name("550403", commonName));
  const issuer = der(0x30, name("550403", "Some authority"));
  return der(0x30, der(0x30, der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([1])), empty, issuer, empty, subject));
}

/** As much of a time stamp token (RFC 3161) as says when it was made. */
export function timeStamp(time: string): Buffer {
  const number = der(0x02, Buffer.from([1]));
  const info = der(0x30, number, der(0x06, Buffer.from("2a", "hex")), der(0x30), number, der(0x18, Buffer.from(time)));
  const content = der(0x30, Buffer.from("060b2a864886f70d0109100104", "hex"), der(0xa0, der(0x04, info)));
  return der(0x30, der(0x02, Buffer.from([3])), content);
}

export interface ManifestOptions {
  readonly label?: string;
  readonly claim?: { readonly [key: string]: Encodable };
  readonly assertions?: readonly Uint8Array[];
  /** COSE_Sign1: protected and unprotected headers. */
  readonly signature?: readonly [sealed: Map<Encodable, Encodable>, open: { readonly [key: string]: Encodable }];
}

export function manifest({ label = "urn:uuid:1", claim = {}, assertions = [], signature }: ManifestOptions): Buffer {
  const signed =
    signature === undefined
      ? []
      : [superbox("c2cs", "c2pa.signature", box("cbor", 0xd2, cborOf([cborOf(signature[0]), signature[1], null, Buffer.alloc(64)])))];
  return superbox(
    "c2ma",
    label,
    superbox("c2as", "c2pa.assertions", ...assertions),
    superbox("c2cl", "c2pa.claim", cborBox(claim)),
    ...signed,
  );
}

export const manifestStore = (...manifests: readonly Uint8Array[]): Buffer => superbox("c2pa", "c2pa", ...manifests);

export const actions = (...list: readonly { readonly [key: string]: Encodable }[]): Buffer =>
  superbox("cbor", "c2pa.actions", cborBox({ actions: list }));
