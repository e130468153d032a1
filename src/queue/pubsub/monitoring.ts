/** What Cloud Monitoring has measured of subscriptions (Cloud Monitoring API v3, "projects.timeSeries.list"; "Google Cloud metrics", pubsub). */
import { tokenOf, tokensFor } from "../../auth/credentials.ts";
import type { CredentialOptions } from "../../auth/options.ts";
import { MONITORING } from "../../auth/scopes.ts";
import { ImagemetaError } from "../../record/errors.ts";
import type { ErrorCode } from "../../record/types.ts";
import { projectOf } from "./names.ts";

/** A measure is taken each minute, and can be read up to some minutes later. */
const MINUTES = 15;
const ENDPOINT = "https://monitoring.googleapis.com";
/** Milliseconds that an answer may take. */
const TIME = 20_000;

export type SubscriptionMetric = "num_undelivered_messages" | "oldest_unacked_message_age";

export interface Measured {
  readonly value: number;
  /** RFC 3339. */
  readonly time: string;
}

/** @param endpoint of another service; credentials are sent by https alone */
export function openMonitoring(credentials: CredentialOptions, endpoint: string = ENDPOINT) {
  const tokens = tokensFor(credentials, [MONITORING]);
  const headers = async (): Promise<Record<string, string>> => {
    if (!endpoint.startsWith("https:")) return {};
    return { authorization: `Bearer ${await tokenOf(tokens)}` };
  };
  return {
    /**
     * The newest measure; undefined where there is none yet, as of a new subscription.
     * @param subscription `projects/P/subscriptions/S`
     * @throws ImagemetaError FORBIDDEN, UNAUTHENTICATED, NOT_FOUND, MALFORMED, UNAVAILABLE
     */
    async newest(subscription: string, metric: SubscriptionMetric): Promise<Measured | undefined> {
      const project = projectOf(subscription);
      const now = Date.now();
      const filter = [
        `metric.type = "pubsub.googleapis.com/subscription/${metric}"`,
        `resource.type = "pubsub_subscription"`,
        `resource.labels.subscription_id = "${subscription.split("/").at(-1)}"`,
      ];
      const query = new URLSearchParams({
        filter: filter.join(" AND "),
        "interval.startTime": new Date(now - MINUTES * 60_000).toISOString(),
        "interval.endTime": new Date(now).toISOString(),
        view: "FULL",
      });
      const answer = await asked(`${endpoint}/v3/projects/${project}/timeSeries?${query}`, await headers(), project);
      // Points come newest first, one series for each set of labels.
      const points = (answer.timeSeries ?? []).flatMap((series) => series.points?.slice(0, 1) ?? []);
      if (points.length === 0) return undefined;
      const times = points.map(({ interval }) => String(interval?.endTime ?? "")).sort();
      const values = points.map(({ value }) => Number(value?.int64Value ?? value?.doubleValue ?? 0));
      const value = metric === "oldest_unacked_message_age" ? Math.max(...values) : values.reduce((sum, each) => sum + each, 0);
      return { value, time: times.at(-1) ?? "" };
    },
  };
}

export type Monitoring = ReturnType<typeof openMonitoring>;

/** As far as it is read. 64-bit numbers are texts. */
interface TimeSeriesAnswer {
  readonly timeSeries?: readonly {
    readonly points?: readonly {
      readonly interval?: { readonly endTime?: string };
      readonly value?: { readonly int64Value?: string; readonly doubleValue?: number };
    }[];
  }[];
}

const CODES: Readonly<Record<number, ErrorCode>> = { 400: "MALFORMED", 401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND" };

async function asked(url: string, headers: Record<string, string>, project: string): Promise<TimeSeriesAnswer> {
  let status: number;
  let text: string;
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIME) });
    [status, text] = [answer.status, await answer.text()];
    if (status === 200) return JSON.parse(text) as TimeSeriesAnswer;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ImagemetaError("UNAVAILABLE", `cannot ask Cloud Monitoring: ${why}; try again later`, { cause });
  }
  const code = CODES[status] ?? "UNAVAILABLE";
  const advice =
    code === "FORBIDDEN" ? `grant roles/monitoring.viewer in ${project}, and enable monitoring.googleapis.com` : "see what it says";
  throw new ImagemetaError(code, `Cloud Monitoring answered ${status}: ${text.replace(/\s+/g, " ").slice(0, 300)}; ${advice}`);
}
