/**
 * Entry point of a function: `imagemeta/function`. It takes the CloudEvents that the Functions Framework gives it, as the push endpoint
 * takes requests, with the options of `imagemeta serve` from the environment. Little is loaded before the first event comes.
 */
import { Command } from "commander";
import { visibly } from "../record/visible.ts";
import { forgetFalseSwitches } from "./arguments.ts";
import { addPushOptions } from "./commands/service-options.ts";
import type { ServiceOptions } from "./service.ts";

/** As the CloudEvents SDK and the Functions Framework have it: the attributes, and the data as parsed JSON. */
export interface CloudEvent {
  readonly specversion?: string;
  readonly id?: string;
  readonly source?: string;
  readonly type?: string;
  readonly time?: string;
  readonly data?: unknown;
}

type Receive = (event: CloudEvent) => Promise<void>;

// A wrong call is told when the function is deployed, and not with its first event.
const options = optionsOfEnvironment();
let receiving: Promise<Receive> | undefined;

/**
 * Reads the image that changed and writes its record. Resolves when the store has said that it is durable, or where nothing was to
 * be done. Rejects where the event should come again: the framework then answers 500.
 */
export async function imagemeta(event: CloudEvent): Promise<void> {
  receiving ??= open().catch((thrown) => {
    // The next event tries again.
    receiving = undefined;
    throw thrown;
  });
  await (await receiving)(event);
}

async function open(): Promise<Receive> {
  const [{ openService }, { openReceiver }, { arrivalOfCloudEvent }] = await Promise.all([
    import("./service.ts"),
    import("./receiver.ts"),
    import("../pipeline/events/http-event.ts"),
  ]);
  const { service, close } = await openService(options, { meanwhile: "events are refused until it does", isVerified: false });
  // The next event begins anew.
  service.broken.then(() => {
    receiving = undefined;
    return close();
  });
  const receiver = await openReceiver(service, options);
  return async (event) => {
    const arrival = arrivalOfCloudEvent(event);
    const room = receiver.admit(() => {});
    if ("status" in room) throw new Error(room.why);
    if (!room.arrived(arrival.message.data.byteLength) || !room.hold()) {
      room.leave();
      throw new Error(receiver.full().why);
    }
    const { answer, ended } = receiver.receive(arrival, () => false);
    ended.finally(room.leave);
    const { status, why } = await answer;
    // The framework logs it as it is.
    if (status !== 204) throw new Error(visibly(why));
  };
}

/** @throws CommanderError, after it has said on stderr what is wrong */
function optionsOfEnvironment(): ServiceOptions {
  const command = addPushOptions(new Command("imagemeta/function"))
    .showHelpAfterError("(each option is an environment variable here: IMAGEMETA_TO, IMAGEMETA_DEAD_LETTER …)")
    .exitOverride()
    .action(() => {});
  forgetFalseSwitches([command]);
  return command.parse([], { from: "user" }).opts();
}
