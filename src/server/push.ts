/**
 * Where changes are pushed to: `POST /` and `POST /events`, in every form of http-event.ts. A request is answered when its record is
 * durable. Who sends it is looked at first, before there is room for it and before its body is read.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { arrivalOf } from "../pipeline/events/http-event.ts";
import type { PushAnswer, PushReceiver } from "../pipeline/worker/push-receiver.ts";

const PATHS = ["/", "/events"];
const NOT_TAKEN = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"];

/** Why a request is not taken from who sends it. */
interface SenderRefusal {
  readonly status: 401 | 403 | 503;
  /** Stable. */
  readonly code: string;
  readonly why: string;
}

export interface PushSenders {
  /** By the header `Authorization`; undefined where it may push. */
  check(authorization: string | undefined): Promise<SenderRefusal | undefined>;
  refused(refusal: SenderRefusal): void;
}

/** @param senders who may push; absent, all who reach it */
export function addPush(app: FastifyInstance, receiver: PushReceiver, senders?: PushSenders): void {
  app.register(async (scope) => {
    // A body is bytes whatever its type says: what it is, http-event.ts finds out.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    const ended = new WeakMap<FastifyRequest, Promise<void>>();
    // Before the body is read, so that bodies are bounded too.
    const admit = async (request: FastifyRequest, reply: FastifyReply) => {
      const refusal = await senders?.check(request.headers.authorization);
      if (refusal !== undefined) {
        senders?.refused(refusal);
        return refuse(reply, refusal);
      }
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

function refuse(reply: FastifyReply, { status, code, why }: SenderRefusal): FastifyReply {
  // RFC 6750 section 3.
  const challenge = code === "PUSH_TOKEN_MISSING" ? "Bearer" : 'Bearer error="invalid_token"';
  if (status === 401) reply.header("www-authenticate", challenge);
  // What is refused has no body read: the connection ends with it.
  return reply.code(status).header("connection", "close").send({ code, error: why });
}

function send(reply: FastifyReply, { status, why }: PushAnswer): FastifyReply {
  return status === 204 ? reply.code(204).send() : reply.code(status).send({ error: why });
}
