/**
 * Stands before Google's Pub/Sub emulator and ends the streams of clients that died, as Pub/Sub does. The emulator itself notices a
 * stream that is cancelled, but not a connection that broke: it goes on to deliver messages to a killed worker for ever, each of
 * which is lost until its deadline and counts as a delivery.
 */
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";

export interface PubsubRelay {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  close(): Promise<void>;
}

/** @param emulator `127.0.0.1:PORT` */
export async function startPubsubRelay(emulator: string): Promise<PubsubRelay> {
  let upstream: ClientHttp2Session | undefined;
  const connected = (): ClientHttp2Session => {
    if (upstream === undefined || upstream.closed || upstream.destroyed) upstream = connect(`http://${emulator}`).on("error", () => {});
    return upstream;
  };
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer()
    .on("session", (session) => {
      sessions.add(session);
      session.on("error", () => {}).once("close", () => sessions.delete(session));
    })
    .on("stream", (stream, headers) => relay(stream, connected(), { ...headers, ":authority": emulator }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const session of sessions) session.destroy();
      upstream?.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function relay(stream: ServerHttp2Stream, upstream: ClientHttp2Session, headers: IncomingHttpHeaders): void {
  const onward = upstream.request(headers);
  let trailers: IncomingHttpHeaders = {};
  stream.on("error", () => {}).on("wantTrailers", () => stream.sendTrailers(trailers));
  onward
    .on("error", () => {})
    .on("trailers", (said) => {
      trailers = said;
    })
    .on("response", (said, flags) => {
      if (stream.destroyed) return;
      const isWhole = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(said, isWhole ? { endStream: true } : { waitForTrailers: true });
    });
  stream.pipe(onward);
  onward.pipe(stream);
  stream.once("close", () => onward.close(constants.NGHTTP2_CANCEL));
  onward.once("close", () => {
    // Where it ended as it should, the trailers are still to be sent.
    if (!onward.readableEnded) stream.close(onward.rstCode || constants.NGHTTP2_INTERNAL_ERROR);
  });
}
