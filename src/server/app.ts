/** The HTTP server that all of imagemeta's services share, with the limits that stand against hostile requests. */
import fastify, { type FastifyInstance } from "fastify";

export interface Listening {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends the connections that are idle, waits for answers under way. */
  close(): Promise<void>;
}

export function createApp(): FastifyInstance {
  const app = fastify({
    logger: false,
    // A message of Pub/Sub has 10 MB at most, which are a third more in base64, and its attributes.
    bodyLimit: 15 << 20,
    requestTimeout: 60_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    forceCloseConnections: "idle",
    trustProxy: false,
  });
  // No body is read but where a route says how: those of other paths would fill the memory.
  app.removeAllContentTypeParsers();
  return app;
}

/** @param port 0 takes a free one. Rejects where it is taken */
export async function listen(app: FastifyInstance, { host, port }: { readonly host: string; readonly port: number }): Promise<Listening> {
  const url = await app.listen({ host, port });
  return { url, close: () => app.close() };
}
