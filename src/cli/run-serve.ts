/** Serves the push endpoint until SIGTERM or SIGINT. */
import { within } from "../pipeline/worker/within.ts";
import { createApp, listen } from "../server/app.ts";
import { addHealth } from "../server/health.ts";
import { addPush } from "../server/push.ts";
import { type Outcome, UsageError } from "./outcome.ts";
import { openReceiver } from "./receiver.ts";
import { runService, type ServiceOptions, terminated } from "./service.ts";
import { shownStore } from "./shown-store.ts";

const PORT = 8080;
/** Of the time to leave, what is kept for the last answers to reach who sent the requests, in milliseconds. */
const ANSWERING = 1000;

export async function runServe(options: ServiceOptions, outcome: Outcome): Promise<void> {
  const { host, to, deadLetter } = options;
  const port = options.port ?? portOf(process.env.PORT);
  await runService(options, outcome, "requests are answered with 503 until it does", async (service) => {
    const { log, metrics } = service;
    const receiver = await openReceiver(service, options);
    const app = createApp();
    addHealth(app, { store: service.storeCheck }, metrics.registry);
    addPush(app, receiver);
    const listening = await listen(app, { host, port });
    log.info({ url: listening.url, to: shownStore(to), deadLetters: deadLetter }, "taking requests");
    service.load();
    const signal = await terminated();
    log.info({ signal, held: "finishing" }, "leaving");
    const [closed] = [listening.close(), await receiver.leave(options.grace * 1000 - ANSWERING, service.stop)];
    await within(ANSWERING, closed);
  });
}

/** Cloud Run says the port by `PORT`. @throws UsageError */
function portOf(said: string | undefined): number {
  if (!said) return PORT;
  if (!/^\d{1,5}$/.test(said) || Number(said) > 65_535)
    throw new UsageError(`PORT is ${said}, which is no port: set it from 0 to 65535, or give --port`);
  return Number(said);
}
