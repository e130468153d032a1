/**
 * Where changes are pushed to: `POST /` and `POST /events`, in every form of http-event.ts. A request is answered when its record is
 * durable. Who sends it is looked at first, before there is room for it and before its body is read.
 */
import type { IncomingMessage } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { arrivalOf } from "../pipeline/events/http-event.ts";
import type { PushAnswer, PushReceiver } from "../pipeline/worker/push-receiver.ts";
import type { RequestRoom } from "../pipeline/worker/push-room.ts";
import { type BodyPace, noRoom, readBody } from "./body.ts";

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
  /** By the header `Authorization`; undefined if it may push. */
  check(authorization: string | undefined): Promise<SenderRefusal | undefined>;
  refused(refusal: SenderRefusal): void;
}

/** A sender that is slower has no message for this endpoint: Pub/Sub and Eventarc send theirs at once. */
const SLOWEST_BODY: BodyPace = { windowMs: 5_000, windowBytes: 20_000 };

/** @param senders who may push; absent, all who reach it */
export function addPush(app: FastifyInstance, receiver: PushReceiver, senders?: PushSenders, pace = SLOWEST_BODY): void {
  app.register(async (scope) => {
    const rooms = new WeakMap<FastifyRequest, { readonly room: RequestRoom; readonly evicted: AbortSignal; ended: Promise<void> }>();
    const limits = { bytes: scope.initialConfig.bodyLimit ?? 0, ...pace };
    // A body is bytes whatever its type says: http-event.ts finds out what it is.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", async (request: FastifyRequest, body: IncomingMessage) => {
      const taken = rooms.get(request);
      if (taken === undefined) throw noRoom();
      return readBody(body, limits, taken.room, taken.evicted);
    });
    scope.setErrorHandler(async ({ statusCode = 500, message }: FastifyError, _request, reply) =>
      reply.code(statusCode).send({ error: message }),
    );
    // Before the body is read.
    const admit = async (request: FastifyRequest, reply: FastifyReply) => {
      const refusal = await senders?.check(request.headers.authorization);
      if (refusal !== undefined) {
        senders?.refused(refusal);
        return refuse(reply, refusal);
      }
      // It may have left while it was checked. Then no event comes that would give its room back.
      if (reply.raw.destroyed) return reply.hijack();
      const eviction = new AbortController();
      const room = receiver.admit(() => eviction.abort());
      if ("status" in room) return send(reply.header("connection", "close"), room);
      const taken = { room, evicted: eviction.signal, ended: Promise.resolve() };
      rooms.set(request, taken);
      reply.raw.once("close", () => taken.ended.finally(room.leave));
    };
    for (const url of PATHS) {
      scope.post<{ Body?: Buffer | null }>(url, { onRequest: admit }, async (request, reply) => {
        const taken = rooms.get(request);
        if (taken === undefined || !taken.room.hold()) return send(reply, receiver.full());
        const received = receiver.receive(arrivalOf(request.headers, request.body ?? Buffer.alloc(0)), () => reply.raw.destroyed);
        taken.ended = received.ended;
        return send(reply, await received.answer);
      });
      scope.route({
        method: NOT_TAKEN,
        url,
        // Before a body is read.
        onRequest: async (_request, reply) =>
          reply.code(405).headers({ allow: "POST", connection: "close" }).send({ error: "changes are sent by POST" }),
        handler: async () => {},
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
