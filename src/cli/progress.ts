/** Progress on stderr: a bar on a terminal, nothing where it is not one, and the closing line. */
import type { SingleBar } from "cli-progress";
import type { ErrorCode, ImageRecord } from "../record/types.ts";

export interface Progress {
  /** So many more images were listed; so many objects were left out, because neither type nor name says image. */
  readonly listed: (images: number, leftOut: number) => void;
  /** No more will be listed. */
  complete(): void;
  done(record: ImageRecord): void;
  /** Ends the bar. */
  close(): void;
  /** What was done so far. */
  readonly totals: Totals;
}

export interface Totals {
  images: number;
  requests: number;
  bytes: number;
  leftOut: number;
  seconds: number;
  errors: Map<ErrorCode, number>;
}

const FORMAT = "{bar} {value} of {total} images · {rate}/s · {size}{errors} · {left}";

/** Counts what is done; draws a bar on `stream` where it is a terminal and `bar` is wanted. */
export async function startProgress(stream: NodeJS.WriteStream, bar: boolean): Promise<Progress> {
  const started = performance.now();
  const totals: Totals = { images: 0, requests: 0, bytes: 0, leftOut: 0, seconds: 0, errors: new Map() };
  const drawn = bar && stream.isTTY ? await createBar(stream, FORMAT, { rate: "0", size: "0 B", errors: "", left: "listing" }) : undefined;
  let listed = 0;
  let whole = false;
  const draw = () => {
    const rate = totals.images / Math.max(0.001, (performance.now() - started) / 1000);
    const left = whole && rate > 0 ? `${duration((listed - totals.images) / rate)} left` : "listing";
    drawn?.setTotal(Math.max(1, listed));
    drawn?.update(totals.images, { rate: rate.toFixed(0), size: sizeText(totals.bytes), errors: errorsText(totals.errors), left });
  };
  return {
    totals,
    listed(images, leftOut) {
      listed += images;
      totals.leftOut += leftOut;
      draw();
    },
    complete() {
      whole = true;
    },
    done(record) {
      totals.images++;
      totals.requests += record.read.requests;
      totals.bytes += record.read.bytes;
      if (record.error !== undefined) totals.errors.set(record.error.code, (totals.errors.get(record.error.code) ?? 0) + 1);
      draw();
    },
    close() {
      drawn?.stop();
      totals.seconds = (performance.now() - started) / 1000;
    },
  };
}

/** Draws it once, with `fields` for the names in `format`. */
export async function createBar(stream: NodeJS.WriteStream, format: string, fields: object): Promise<SingleBar> {
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    { format, hideCursor: true, clearOnComplete: true, stopOnComplete: false, stream, fps: 10 },
    cliProgress.Presets.shades_classic,
  );
  bar.start(1, 0, fields);
  return bar;
}

/** `12 images in 0.4 s: 12 requests, 612 KB; 1 failed (TRUNCATED 1); 1 other object left out`. */
export function closingLine(totals: Totals): string {
  const failed = [...totals.errors.values()].reduce((sum, count) => sum + count, 0);
  const parts = [
    `${plural(totals.images, "image")} in ${totals.seconds.toFixed(totals.seconds < 10 ? 1 : 0)} s: ${plural(totals.requests, "request")}, ${sizeText(totals.bytes)}`,
  ];
  if (failed > 0) parts.push(`${failed} failed (${[...totals.errors].map(([code, count]) => `${code} ${count}`).join(", ")})`);
  if (totals.leftOut > 0) parts.push(`${plural(totals.leftOut, "other object")} left out (--all reads them too)`);
  return parts.join("; ");
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

export function errorsText(errors: ReadonlyMap<ErrorCode, number>): string {
  return errors.size === 0 ? "" : ` · ${[...errors].map(([code, count]) => `${code} ${count}`).join(", ")}`;
}

/** Decimal units, as Google's tools count. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

export function duration(seconds: number): string {
  const rounded = Math.ceil(seconds);
  if (rounded < 60) return `${rounded} s`;
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
  return `${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`;
}
