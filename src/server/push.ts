/**
 * Where changes are pushed to: `POST /` and `POST /events`, in every form of http-event.ts. A request is answered when its record is
 * durable. Who sends it is not looked at here.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { arrivalOf } from "../pipeline/events/http-event.ts";
import type { PushAnswer, PushReceiver } from "../pipeline/worker/push-receiver.ts";

const PATHS = ["/", "/events"];
const NOT_TAKEN = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"];

export function addPush(app: FastifyInstance, receiver: PushReceiver): void {
  app.register(async (scope) => {
    // A body is bytes whatever its type says: what it is, http-event.ts finds out.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    const ended = new WeakMap<FastifyRequest, Promise<void>>();
    // Before the body is read, so that bodies are bounded too.
    const admit = async (request: FastifyRequest, reply: FastifyReply) => {
      const limit = scope.initialConfig.bodyLimit ?? 0;
      const room = receiver.admit(Math.min(limit, Number(request.headers["content-length"] ?? limit)));
      if (typeof room !== "function") return send(reply, room);
      reply.raw.once("close", () => (ended.get(request) ?? Promise.resolve()).finally(room));
    };
    for (const url of PATHS) {
      scope.post<{ Body?: Buffer | null }>(url, { onRequest: admit }, async (request, reply) => {
        const received = receiver.receive(arrivalOf(request.headers, request.body ?? Buffer.alloc(0)), () => reply.raw.destroyed);
        ended.set(request, received.ended);
        return send(reply, await received.answer);
      });
      scope.route({
        method: NOT_TAKEN,
        url,
        handler: async (_request, reply) => reply.code(405).header("allow", "POST").send({ error: "changes are sent by POST" }),
      });
    }
  });
}

function send(reply: FastifyReply, { status, why }: PushAnswer): FastifyReply {
  return status === 204 ? reply.code(204).send() : reply.code(status).send({ error: why });
}
