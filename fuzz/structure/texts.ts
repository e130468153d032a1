/** Texts with a grammar as pieces: XML, JSON, lines of fields. */
import { type Branch, built, bytes, concat, list, name, type Piece, sequence, text } from "./piece.ts";

/** Undefined if it does not look like XML. A mistake in it ends the structure: the rest is one text. */
export function dissectXml(data: Buffer): Branch | undefined {
  const source = data.toString("latin1");
  if (!/^[\s\xef\xbb\xbf]*</.test(source)) return undefined;
  let at = 0;
  const parts = children(0);
  if (at < source.length) parts.push(text("xml rest", source.slice(at)));
  return list("xml", parts);

  function children(depth: number): Piece[] {
    const found: Piece[] = [];
    while (at < source.length) {
      if (source[at] !== "<") {
        const end = source.indexOf("<", at);
        found.push(text("xml text", source.slice(at, end < 0 ? source.length : end)));
        at = end < 0 ? source.length : end;
      } else if (source.startsWith("</", at)) return found;
      else if (source.startsWith("<!", at) || source.startsWith("<?", at)) {
        const close = source.startsWith("<!--", at) ? "-->" : ">";
        const end = source.indexOf(close, at);
        const until = end < 0 ? source.length : end + close.length;
        found.push(text("xml comment", source.slice(at, until)));
        at = until;
      } else {
        const element = depth < 40 ? elementAt(depth) : undefined;
        if (element === undefined) return found;
        found.push(element);
      }
    }
    return found;
  }

  function elementAt(depth: number): Piece | undefined {
    const open = /<([^\s/>]{1,2000})([^>]*)>/y;
    open.lastIndex = at;
    const match = open.exec(source);
    if (match === null) return undefined;
    const [all, title = "", given = ""] = match;
    const empty = given.endsWith("/");
    const attributes = [...given.matchAll(/([^\s="']{1,200})=(?:"([^"]*)"|'([^']*)')/g)].map(([, key = "", double, single]) =>
      attribute(key, double ?? single ?? ""),
    );
    at += all.length;
    const inner = empty ? [] : children(depth + 1);
    if (!empty) {
      const close = `</${title}>`;
      if (source.startsWith(close, at)) at += close.length;
    }
    return element(title, attributes, inner);
  }
}

function attribute(key: string, value: string): Branch {
  return {
    label: `attribute ${key}`,
    parts: [name("attribute name", key), text(`attribute ${key}`, value)],
    build: ([its, content]) =>
      concat([Buffer.from(" "), built(its as Piece), Buffer.from('="'), built(content as Piece), Buffer.from('"')]),
  };
}

function element(title: string, attributes: readonly Piece[], inner: readonly Piece[]): Branch {
  return {
    label: `element ${title}`,
    parts: [name("element name", title), list("attributes", attributes), list("xml children", inner)],
    build([its, given, content]) {
      const title = built(its as Piece);
      return concat([
        Buffer.from("<"),
        title,
        built(given as Piece),
        Buffer.from(">"),
        built(content as Piece),
        Buffer.from("</"),
        title,
        Buffer.from(">"),
      ]);
    },
  };
}

/** Undefined if it is not an object or a list. */
export function dissectJson(data: Buffer): Piece | undefined {
  if (data.length > 1 << 20 || !/^[{[]/.test(data.toString("latin1", 0, 1))) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(data.toString("utf8"));
  } catch {
    return undefined;
  }
  return jsonPiece(value);
}

const around = (label: string, open: string, inner: Piece, close: string): Branch =>
  sequence(label, [bytes("json mark", open), inner, bytes("json mark", close)]);

function jsonPiece(value: unknown): Piece {
  if (typeof value === "string") return around("json string", '"', text("json text", Buffer.from(JSON.stringify(value).slice(1, -1))), '"');
  if (Array.isArray(value)) return around("json list", "[", list("json items", value.map(jsonPiece), ","), "]");
  if (typeof value !== "object" || value === null) return text("json number", String(value));
  const members = Object.entries(value).map(([key, field]) =>
    sequence("json member", [
      bytes("json mark", '"'),
      name("json key", Buffer.from(JSON.stringify(key).slice(1, -1))),
      bytes("json mark", '":'),
      jsonPiece(field),
    ]),
  );
  return around("json object", "{", list("json members", members, ","), "}");
}

/** Lines or items of `key: value`, each with its separator. */
export function dissectFields(data: Buffer, label: string): Piece {
  const source = data.toString("latin1");
  const items = source.match(/[^\r\n,;&]*[\r\n,;&]*/g)?.filter((item) => item !== "") ?? [];
  if (items.length < 2 || items.length > 200 || !/[:=]/.test(source)) return text(label, data);
  return list(
    `${label} items`,
    items.map((item) => text(`${label} item`, item)),
  );
}
