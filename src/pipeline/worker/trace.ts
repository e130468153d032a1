/**
 * The trace of a message goes on where its work is done (OpenTelemetry API; W3C Trace Context in the message's attributes, as
 * Pub/Sub's clients write it). Without an OpenTelemetry SDK in the process all of it does nothing.
 */
import { context, propagation, SpanKind, SpanStatusCode, type TextMapGetter, trace } from "@opentelemetry/api";
import { version } from "../../record/version.ts";

type Attributes = Readonly<Record<string, string>>;

const getter: TextMapGetter<Attributes> = {
  keys: (attributes) => Object.keys(attributes),
  get: (attributes, key) => attributes[`googclient_${key}`] ?? attributes[key],
};

export async function traced<T>(attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const parent = propagation.extract(context.active(), attributes, getter);
  const tracer = trace.getTracer("imagemeta", version);
  return tracer.startActiveSpan(
    "imagemeta image",
    { kind: SpanKind.CONSUMER, attributes: spanAttributes(attributes) },
    parent,
    async (span) => {
      try {
        return await work();
      } catch (thrown) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(thrown) });
        throw thrown;
      } finally {
        span.end();
      }
    },
  );
}

/** The identifiers of the trace under way, as log lines name them; undefined where there is none. */
export function traceUnderWay(): { readonly traceId: string; readonly spanId: string } | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && trace.isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : undefined;
}

function spanAttributes({ bucketId, objectId, objectGeneration, eventType }: Attributes): Record<string, string> {
  const said = { "gcp.gcs.bucket": bucketId, "gcp.gcs.object": objectId, "gcp.gcs.generation": objectGeneration, "event.type": eventType };
  return Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
