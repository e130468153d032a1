/**
 * How a process that serves is seen from outside: `/healthz` (it runs), `/readyz` (what it needs is reached, really asked) and
 * `/metrics` (Prometheus text format 0.0.4).
 */
import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";

/** Resolves where what is needed is reached; rejects with why not. */
export type Check = () => Promise<unknown>;

/** Milliseconds for which an answer holds, so that probes cost little; and after which a check counts as failed. */
const HOLDS = 5000;
const TIME = 4000;

export function addHealth(app: FastifyInstance, checks: Readonly<Record<string, Check>>, registry: Registry): void {
  const held = Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, holding(check)]));
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const answers = await Promise.all(Object.entries(held).map(async ([name, check]) => [name, await check()] as const));
    const isReady = answers.every(([, answer]) => answer === "ok");
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ok" : "not ready", ...Object.fromEntries(answers) });
  });
  app.get("/metrics", async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

/** `ok`, or why not; asked anew when the last answer is too old. */
function holding(check: Check): () => Promise<string> {
  let answer: Promise<string> | undefined;
  let until = 0;
  return () => {
    if (answer === undefined || performance.now() > until) {
      until = performance.now() + HOLDS;
      answer = inTime(check);
    }
    return answer;
  };
}

async function inTime(check: Check): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`no answer within ${TIME} ms`)), TIME)));
  try {
    await Promise.race([check(), late]);
    return "ok";
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    clearTimeout(timer);
  }
}
