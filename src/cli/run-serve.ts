/** Serves the push endpoint until SIGTERM or SIGINT. */
import type { PushCallers } from "../auth/push-token.ts";
import { within } from "../pipeline/within.ts";
import { createApp, listen } from "../server/app.ts";
import { addHealth } from "../server/health.ts";
import { addPush, type PushSenders } from "../server/push.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { openReceiver } from "./receiver.ts";
import type { ServeCommandOptions } from "./serve-options.ts";
import { leaving, runService, type Service } from "./service.ts";

const PORT = 8080;
/** Of the time to leave, what is kept for the last answers to reach who sent the requests, in milliseconds. */
const ANSWERING = 1000;

export async function runServe(options: ServeCommandOptions, outcome: Outcome): Promise<void> {
  const { host, to, deadLetter } = options;
  const callers = callersOf(options);
  const port = options.port ?? portOf(process.env.PORT);
  const intake = { meanwhile: "requests are answered with 503 until it does", isVerified: callers !== undefined };
  await runService(options, outcome, intake, async (service) => {
    const { log, metrics } = service;
    const receiver = await openReceiver(service, options);
    const app = createApp();
    addHealth(app, { store: service.storeCheck }, metrics.registry);
    addPush(app, receiver, await sendersOf(callers, service));
    if (callers === undefined && !isLoopback(host))
      log.warn(`senders are not verified, and other machines may reach ${host}: give --push-audience and --push-email`);
    if (callers === undefined && options.trustDeletes)
      log.warn("--trust-deletes without --push-audience: anyone who reaches this endpoint can remove records");
    const left = leaving(service);
    const listening = await listen(app, { host, port });
    log.info({ url: listening.url, to, deadLetters: deadLetter }, "taking requests");
    log.info({ why: await left, held: "finishing" }, "leaving");
    const [closed] = [listening.close(), await receiver.leave(options.grace * 1000 - ANSWERING, service.stop)];
    await within(ANSWERING, closed);
  });
}

/** Undefined where it is not said who may push. @throws UsageError where only half is said: Google signs a token for any audience that anyone asks for */
function callersOf({ pushAudience = [], pushEmail = [], pushIssuer, pushKeys }: ServeCommandOptions): PushCallers | undefined {
  if (pushAudience.length === 0 && pushEmail.length === 0 && pushIssuer === undefined && pushKeys === undefined) return undefined;
  if (pushAudience.length === 0 || pushEmail.length === 0)
    throw new UsageError(
      "--push-audience and --push-email go together: anyone may have a token for an audience, of an account of their own",
    );
  if ((pushIssuer === undefined) !== (pushKeys === undefined))
    throw new UsageError("--push-issuer and --push-keys go together: an issuer is known by its keys");
  if (pushKeys !== undefined && !URL.canParse(pushKeys)) throw new UsageError(`--push-keys: ${pushKeys} is no address`);
  return {
    audiences: pushAudience,
    emails: pushEmail,
    ...(pushIssuer === undefined ? {} : { issuers: pushIssuer }),
    ...(pushKeys === undefined ? {} : { keysAddress: pushKeys }),
  };
}

async function sendersOf(callers: PushCallers | undefined, { log, metrics }: Service): Promise<PushSenders | undefined> {
  if (callers === undefined) return undefined;
  const { pushCheck } = await import("../auth/push-token.ts");
  return {
    check: pushCheck(callers),
    refused({ code, status, why }) {
      metrics.pushRefused(code);
      log.warn({ code, status }, `a push was refused: ${why}`);
    },
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/** Cloud Run says the port by `PORT`. @throws UsageError */
function portOf(said: string | undefined): number {
  if (!said) return PORT;
  if (!/^\d{1,5}$/.test(said) || Number(said) > 65_535)
    throw new UsageError(`PORT is ${said}, which is no port: set it from 0 to 65535, or give --port`);
  return Number(said);
}
