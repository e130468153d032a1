/** What a pool and its processes say to each other: lines of JSON over pipes, many in one write. */
import { ImagemetaError } from "../../record/errors.ts";
import { parseRecordText, recordText } from "../../record/text.ts";
import type { ImageRecord } from "../../record/types.ts";
import type { StorageObject } from "../../storage/contract.ts";
import type { Excess, ParseLimits } from "./parse-limits.ts";
import type { ReaderOptions } from "./readers.ts";

/** The pipe of jobs and records, and the watchdog's own. */
export const JOBS_FD = 3;
export const WATCHDOG_FD = 4;

/** To the process: first how it reads, then images. */
export interface Setup {
  readonly reader: ReaderOptions;
  readonly limits: ParseLimits;
}
export interface ReadJob {
  readonly id: number;
  readonly object: StorageObject;
}

/** From the watchdog: the image that is being parsed for long, if any; and why the process is ended. */
export interface Announcement {
  readonly image?: number;
  readonly over?: Excess;
}

/** What a process says first. */
export const READY = "";

/** A record as a line. JSON has no raw tabs. */
export function recordLine(id: number, record: ImageRecord): string {
  const { uri, object, before, tags, after } = recordText(record);
  return `${id}\t${uri}\t${object}\t${before}\t${tags}\t${after}\n`;
}

/** An image that cannot be asked for, because its storage cannot be opened. It ends the run, as it does if no pool is between. */
export function failureLine(id: number, { code, message }: ImagemetaError): string {
  return `${id}\t${JSON.stringify({ code, message })}\n`;
}

export type ReadAnswer = { readonly id: number } & ({ readonly record: ImageRecord } | { readonly failure: ImagemetaError });

export function parseAnswer(line: string): ReadAnswer {
  const [id, uri = "", object = "", before, tags = "", after = ""] = line.split("\t");
  if (before !== undefined) return { id: Number(id), record: parseRecordText({ uri, object, before, tags, after }) };
  const { code, message } = JSON.parse(uri);
  return { id: Number(id), failure: new ImagemetaError(code, message) };
}

/** Calls back with each line of a stream, in order. */
export function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const NEWLINE = 10;
  let rest: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      if (rest.length === 0) onLine(chunk.toString("utf8", from, to));
      else {
        rest.push(chunk.subarray(from, to));
        const line = Buffer.concat(rest);
        rest = [];
        onLine(line.toString());
      }
      from = to + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  });
}
