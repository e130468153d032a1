/** Exceptions as findings: what each is known by, and a smaller input that throws it too. */
import { inspect } from "node:util";

const SHRINK_RUNS = 200;

/** Where in the engine it was thrown, without what differs from input to input. */
export function signatureOf(thrown: unknown, root: string): string {
  if (!(thrown instanceof Error)) return inspect(thrown).replace(/\d+/g, "#");
  const stack = thrown.stack ?? "";
  const at = stack.indexOf(root);
  const frame = at < 0 ? "" : (/^[^\s:)]+/.exec(stack.slice(at + root.length))?.[0] ?? "");
  return `${thrown.name} ${thrown.message.replace(/\d+/g, "#").slice(0, 60)} ${frame}`;
}

/** Pieces cut out of the bytes, ever smaller ones, as long as it holds. */
export function shrunk(bytes: Uint8Array, holds: (bytes: Uint8Array) => boolean): Uint8Array {
  let best = bytes;
  let runs = 0;
  for (let piece = best.length >> 1; piece > 0 && runs < SHRINK_RUNS; piece >>= 1) {
    for (let at = 0; at < best.length && runs < SHRINK_RUNS; runs++) {
      const cut = Buffer.concat([best.subarray(0, at), best.subarray(at + piece)]);
      if (holds(cut)) best = cut;
      else at += piece;
    }
  }
  return best;
}
