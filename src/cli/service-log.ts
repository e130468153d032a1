/**
 * The log of a service: JSON lines on stderr with the fields that Google Cloud Logging knows ("Structured logging",
 * "Special fields"): severity, time, message, and the trace of what was under way. No line has a secret in it.
 */
import { type Logger, pino } from "pino";
import { traceUnderWay } from "../pipeline/worker/trace.ts";
import { redacted } from "../record/secrets.ts";
import { escapedJson } from "../record/visible.ts";

const SEVERITIES: Readonly<Record<string, string>> = {
  trace: "DEBUG",
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
};

/** @param projectFor says what names traces whole, as Cloud Logging links them; asked when there is a trace, for it may take a second */
export function serviceLog(level: string, projectFor: () => Promise<string | undefined>): Logger {
  let project: string | undefined;
  let isAsked = false;
  return pino(
    {
      level,
      base: {},
      messageKey: "message",
      hooks: { streamWrite: (line) => escapedJson(redacted(line)) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ severity: SEVERITIES[label] ?? "DEFAULT" }) },
      mixin() {
        const under = traceUnderWay();
        if (under === undefined) return {};
        if (!isAsked) {
          isAsked = true;
          projectFor().then((said) => {
            project = said;
          });
        }
        const trace = project === undefined ? under.traceId : `projects/${project}/traces/${under.traceId}`;
        return { "logging.googleapis.com/trace": trace, "logging.googleapis.com/spanId": under.spanId };
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
