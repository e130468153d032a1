/** Progress of a scan on stderr: a bar on a terminal, nothing where it is not one, and the closing line. */

import type { ScanTotals } from "../pipeline/scan/totals.ts";
import { visibly } from "../record/visible.ts";
import { createBar, duration, errorsText, plural, sizeText } from "./progress.ts";

export interface ScanProgress {
  allListed(): void;
  /** The store is waited for, and why; undefined when it is back. */
  waiting(why: string | undefined): void;
  /** Writes a line above the bar. */
  say(line: string): void;
  /** Ends the bar; seconds since the start. */
  close(): number;
}

/** Seconds over which the rate is taken. */
const RECENT = 15;
const FORMAT = "{bar} {value} of {total} images · {rate}/s{unchanged} · {size}{errors} · {left}";

export async function startScanProgress(stream: NodeJS.WriteStream, bar: boolean, totals: Readonly<ScanTotals>): Promise<ScanProgress> {
  const started = performance.now();
  const drawn =
    bar && stream.isTTY
      ? await createBar(stream, FORMAT, { rate: "0", unchanged: "", size: "0 B", errors: "", left: "still listing" })
      : undefined;
  const recent: { at: number; read: number }[] = [{ at: started, read: 0 }];
  let isListed = false;
  let why: string | undefined;
  const draw = () => {
    const now = performance.now();
    if (now - (recent.at(-1)?.at ?? 0) >= 1000) recent.push({ at: now, read: totals.read + totals.gone });
    if (recent.length > RECENT) recent.shift();
    const since = recent[0] ?? { at: started, read: 0 };
    const rate = (totals.read + totals.gone - since.read) / Math.max(0.001, (now - since.at) / 1000);
    const done = totals.read + totals.unchanged + totals.updated + totals.gone;
    drawn?.setTotal(Math.max(1, totals.listed));
    drawn?.update(Math.min(done, totals.listed), {
      rate: rate.toFixed(0),
      unchanged: totals.unchanged > 0 ? ` · ${totals.unchanged.toLocaleString("en-US")} unchanged` : "",
      size: sizeText(totals.bytes),
      errors: errorsText(totals.failed),
      left: stateOf(totals.listed - done, rate),
    });
  };
  const stateOf = (left: number, rate: number): string => {
    if (why !== undefined) return "the store is waited for";
    if (!isListed) return "still listing";
    return left > 0 && rate > 0 ? `${duration(left / rate)} left` : "finishing";
  };
  const timer = drawn === undefined ? undefined : setInterval(draw, 100);
  const say = (text: string) => {
    const line = visibly(text);
    // The bar is drawn again below the line.
    stream.write(drawn === undefined ? `${line}\n` : `\r\x1b[K${line}\n`);
    draw();
  };
  return {
    say,
    allListed() {
      isListed = true;
    },
    waiting(reason) {
      if (bar && reason !== undefined && why === undefined) say(`imagemeta: the store is waited for: ${reason}`);
      else if (bar && reason === undefined) say("imagemeta: the store is back");
      why = reason;
    },
    close() {
      clearInterval(timer);
      draw();
      drawn?.stop();
      return (performance.now() - started) / 1000;
    },
  };
}

/** `12 images in 0.4 s: 10 read, 2 unchanged; 1 failed (TRUNCATED 1); 1 request to list, 10 to read, 612 kB; 1 other object left out`. */
export function scanClosingLine(totals: Readonly<ScanTotals>, seconds: number): string {
  const number = (count: number) => count.toLocaleString("en-US");
  const done = [`${number(totals.read)} read`, `${number(totals.unchanged)} unchanged`];
  if (totals.updated > 0) done.push(`${number(totals.updated)} with new metadata`);
  if (totals.removed > 0) done.push(`${number(totals.removed)} removed`);
  if (totals.restored > 0) done.push(`${number(totals.restored)} restored`);
  if (totals.gone > 0) done.push(`${number(totals.gone)} deleted meanwhile`);
  const parts = [`${plural(totals.listed, "image")} in ${seconds.toFixed(seconds < 10 ? 1 : 0)} s: ${done.join(", ")}`];
  const failed = [...totals.failed.values()].reduce((sum, count) => sum + count, 0);
  if (failed > 0) parts.push(`${number(failed)} failed (${[...totals.failed].map(([code, count]) => `${code} ${count}`).join(", ")})`);
  if (totals.refused > 0) parts.push(`${number(totals.refused)} not taken by the store`);
  if (totals.heldErrors > 0) parts.push(`${number(totals.heldErrors)} of the unchanged hold errors (--reread errors tries them again)`);
  parts.push(`${plural(totals.listRequests, "request")} to list, ${number(totals.readRequests)} to read, ${sizeText(totals.bytes)}`);
  if (totals.leftOut > 0) parts.push(`${plural(totals.leftOut, "other object")} left out`);
  return parts.join("; ");
}
