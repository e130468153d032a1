/** Records of CSV (RFC 4180) and lines of text, as bytes come: never more than one record and one chunk are held. */

/** Characters of one record at most. One that is longer has lost a quote, and is given up at the end of its first line. */
const LONGEST = 1 << 18;

export interface Row {
  /** Of the line it begins on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export type BadLine = (line: number, why: string) => void;

/** Text of UTF-8; a byte order mark is left out, and what is no UTF-8 becomes U+FFFD. */
async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Lines without their end, `\n`, `\r\n` or NUL as `separator` says; empty ones are left out. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, separator: "\n" | "\0", onBad: BadLine): AsyncGenerator<Row> {
  let rest = "";
  let line = 0;
  let isTooLong = false;
  const rowOf = (text: string): Row | undefined => {
    line++;
    const field = separator === "\n" && text.endsWith("\r") ? text.slice(0, -1) : text;
    if (isTooLong || field.length > LONGEST) onBad(line, "it is too long");
    else if (field !== "") return { line, fields: [field] };
    return undefined;
  };
  for await (const text of decoded(chunks)) {
    const parts = (rest + text).split(separator);
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const row = rowOf(part);
      isTooLong = false;
      if (row !== undefined) yield row;
    }
    if (rest.length > LONGEST) {
      isTooLong = true;
      rest = "";
    }
  }
  const last = rest === "" && !isTooLong ? undefined : rowOf(rest);
  if (last !== undefined) yield last;
}

export async function* csvRows(chunks: AsyncIterable<Uint8Array>, delimiter: string, onBad: BadLine): AsyncGenerator<Row> {
  let text = "";
  let line = 1;
  let isEnded = false;
  const pieces = decoded(chunks);
  while (!isEnded || text !== "") {
    let at = 0;
    while (at < text.length) {
      const record = recordAt(text, at, delimiter, isEnded);
      if (record === "unfinished" && !isEnded && text.length - at <= LONGEST) break;
      if (typeof record === "object") {
        if (record.fields.length > 1 || record.fields[0] !== "") yield { line, fields: record.fields };
        line += record.lines;
        at = record.end;
        continue;
      }
      onBad(line, record === "unfinished" ? "a quote is never closed" : "a quote stands where none may");
      const newline = text.indexOf("\n", at);
      line++;
      at = newline < 0 ? text.length : newline + 1;
    }
    text = text.slice(at);
    const piece = await pieces.next();
    if (piece.done) isEnded = true;
    else text += piece.value;
  }
}

interface ParsedRecord {
  readonly fields: readonly string[];
  /** Where the next begins. */
  readonly end: number;
  readonly lines: number;
}

/** The record at a place. `isWhole`: no more text follows. */
function recordAt(text: string, start: number, delimiter: string, isWhole: boolean): ParsedRecord | "unfinished" | "stray" {
  const newline = text.indexOf("\n", start);
  if (newline < 0 && !isWhole) return "unfinished";
  const line = text.slice(start, newline < 0 ? text.length : newline);
  const end = newline < 0 ? text.length : newline + 1;
  if (!line.includes('"')) return { fields: line.replace(/\r$/, "").split(delimiter), end, lines: 1 };
  const fields: string[] = [];
  let lines = 1;
  for (let at = start; ; ) {
    if (text[at] === '"') {
      let value = "";
      for (;;) {
        const close = text.indexOf('"', at + 1);
        if (close < 0) return "unfinished";
        value += text.slice(at + 1, close);
        at = close + 1;
        if (at >= text.length && !isWhole) return "unfinished";
        if (text[at] !== '"') break;
        value += '"';
      }
      for (const character of value) if (character === "\n") lines++;
      fields.push(value);
    } else {
      const [separator, ending] = [text.indexOf(delimiter, at), text.indexOf("\n", at)];
      if (ending < 0 && !isWhole) return "unfinished";
      const stop = Math.min(separator < 0 ? text.length : separator, ending < 0 ? text.length : ending);
      const value = text.slice(at, stop);
      if (value.includes('"')) return "stray";
      fields.push(stop === separator ? value : value.replace(/\r$/, ""));
      at = stop;
    }
    if (text.startsWith(delimiter, at)) at++;
    else if (at >= text.length) return isWhole ? { fields, end: at, lines } : "unfinished";
    else if (text[at] === "\n") return { fields, end: at + 1, lines };
    else if (text[at] === "\r" && text[at + 1] === "\n") return { fields, end: at + 2, lines };
    else return text[at] === "\r" && at + 1 >= text.length ? (isWhole ? { fields, end: at + 1, lines } : "unfinished") : "stray";
  }
}
