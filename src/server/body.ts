/** The body of a request from anyone: charged as it arrives, and given up if its sender is too slow. */
import type { IncomingMessage } from "node:http";
import type { RequestRoom } from "../pipeline/worker/push-room.ts";

/** The slowest body that is taken: `windowBytes` in each window, except the last one. */
export interface BodyPace {
  readonly windowMs: number;
  readonly windowBytes: number;
}

export interface BodyLimits extends BodyPace {
  readonly bytes: number;
}

/** A refusal of a body: the connection ends with it. */
class BodyRefusal extends Error {
  readonly statusCode: 400 | 408 | 413 | 429;

  constructor(statusCode: BodyRefusal["statusCode"], why: string) {
    super(why);
    this.statusCode = statusCode;
  }
}

export const noRoom = () => new BodyRefusal(429, "no more is taken for now");

/** @param evicted aborted when the request makes way for others. Rejects with BodyRefusal */
export function readBody(
  stream: IncomingMessage,
  { bytes: maxBytes, windowMs, windowBytes }: BodyLimits,
  room: RequestRoom,
  evicted: AbortSignal,
): Promise<Buffer> {
  const announced = Number(stream.headers["content-length"] ?? 0);
  const chunks: Buffer[] = [];
  let [length, lengthBefore] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  const read = new Promise<Buffer>((resolve, reject) => {
    const tooLarge = () => reject(new BodyRefusal(413, `the body is larger than ${maxBytes} bytes`));
    if (announced > maxBytes) return tooLarge();
    timer = setInterval(() => {
      if (length - lengthBefore < windowBytes) reject(new BodyRefusal(408, "the body arrives too slowly"));
      lengthBefore = length;
    }, windowMs);
    evicted.addEventListener("abort", () => reject(noRoom()));
    stream.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) tooLarge();
      else if (!room.arrived(chunk.length)) reject(noRoom());
      else chunks.push(chunk);
    });
    stream.once("end", () => resolve(Buffer.concat(chunks, length)));
    stream.once("error", () => reject(new BodyRefusal(400, "the body broke off")));
    stream.once("close", () => reject(new BodyRefusal(400, "the body broke off")));
  });
  return read.finally(() => {
    clearInterval(timer);
    stream.removeAllListeners("data");
    stream.pause();
  });
}
