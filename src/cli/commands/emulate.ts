/** `imagemeta emulate FOLDER --port N`: a folder as Google Cloud Storage, on this machine. */
import { Command, InvalidArgumentError, Option } from "commander";
import { commaList, repeated } from "../arguments.ts";
import { UsageError } from "../outcome.ts";
import { say } from "../say.ts";

interface EmulateOptions {
  readonly port: number;
  readonly host: string;
  readonly latency: number;
  readonly allowOrigin?: readonly string[];
  readonly signer?: readonly string[];
}

export function emulateCommand(): Command {
  return new Command("emulate")
    .description("serve a folder as Google Cloud Storage: each folder in it is a bucket")
    .argument("<folder>", "the folder that holds the buckets")
    .addOption(
      new Option("--port <number>", "port to listen on; 0 takes a free one").default(4443).argParser(wholeNumber).env("IMAGEMETA_PORT"),
    )
    .addOption(new Option("--host <address>", "address to listen on").default("127.0.0.1").env("IMAGEMETA_HOST"))
    .addOption(
      new Option(
        "--allow-origin <origin>",
        "let web pages of this origin call it, and clients that use its host in the address (repeatable; * for any)",
      )
        .argParser(origins)
        .env("IMAGEMETA_ALLOW_ORIGIN"),
    )
    .addOption(
      new Option("--latency <ms>", "milliseconds that every request takes at least")
        .default(0)
        .argParser(wholeNumber)
        .env("IMAGEMETA_LATENCY"),
    )
    .addOption(
      new Option("--signer <file>", "verify signed URLs, of this service account's key and others given so (repeatable)")
        .argParser(repeated)
        .env("IMAGEMETA_SIGNER"),
    )
    .addHelpText(
      "after",
      `
Examples:
  imagemeta emulate samples --port 4443
  STORAGE_EMULATOR_HOST=http://127.0.0.1:4443 imagemeta --bucket sample-bucket
  imagemeta emulate samples --host 0.0.0.0 --allow-origin http://storage:4443    for clients in other containers
  PUBSUB_EMULATOR_HOST=127.0.0.1:8085 imagemeta emulate samples    bucket notifications go to that Pub/Sub`,
    )
    .action(async (folder: string, options: EmulateOptions) => {
      const { stat } = await import("node:fs/promises");
      const found = await stat(folder).catch(() => undefined);
      if (!found?.isDirectory())
        throw new UsageError(`${folder} is no folder: name the folder that holds the buckets, each a folder in it`);
      const { startEmulator } = await import("../../emulator/server.ts");
      const signers = options.signer === undefined ? undefined : new Map(await Promise.all(options.signer.map(signerIn)));
      const pubsubHost = process.env.PUBSUB_EMULATOR_HOST;
      const { pubsubPublisher } = await import("../../emulator/publisher.ts");
      const hint = pubsubHost ? "" : ": set PUBSUB_EMULATOR_HOST";
      const emulator = await startEmulator({
        folder,
        ...options,
        ...(signers && { signers }),
        ...(pubsubHost && { publisher: pubsubPublisher(pubsubHost) }),
        onUnsent: (topic, why) => say(`messages to ${topic} are not sent: ${why}${hint}`),
      });
      say(`${folder} is served as Google Cloud Storage at ${emulator.url}\nexport STORAGE_EMULATOR_HOST=${emulator.url}`);
      await new Promise<void>((resolve) => {
        process.once("SIGINT", resolve);
        process.once("SIGTERM", resolve);
      });
      await emulator.close();
    });
}

async function signerIn(path: string): Promise<readonly [string, string]> {
  const { readFile } = await import("node:fs/promises");
  const { signerOf } = await import("../../emulator/signed-requests.ts");
  try {
    return signerOf(await readFile(path, "utf8"));
  } catch (thrown) {
    throw new UsageError(`--signer: ${path}: ${thrown instanceof SyntaxError ? "it is no JSON" : (thrown as Error).message}`);
  }
}

/** Origins as browsers write them: without a path, and without the port that the scheme has anyway. */
function origins(value: string, previous: readonly string[] = []): readonly string[] {
  const added = commaList(value).map((text) => {
    if (text === "*") return text;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || !/^[^/]*\/\/[^/?#@]*\/?$/.test(text))
      throw new InvalidArgumentError("it takes an origin such as http://localhost:3000, or *.");
    return url.origin;
  });
  return [...previous, ...added];
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("it takes a whole number.");
  return Number(text);
}
