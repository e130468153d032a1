/** Google's Pub/Sub emulator for a test run, on a free port of this machine. It holds everything in memory. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPubsubRelay } from "./pubsub-relay.ts";
import { requireProgram } from "./requirements.ts";
import { freePort } from "./stores/postgres-server.ts";

export interface PubsubEmulator {
  /** `127.0.0.1:PORT`, as PUBSUB_EMULATOR_HOST takes it. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Whether the emulator can be started here. */
export function hasPubsubEmulator(): boolean {
  const how = "install the Google Cloud CLI and its components `beta` and `pubsub-emulator` (they need Java 11 or newer)";
  return requireProgram("gcloud", how) && requireProgram("java", how);
}

/** Starts the emulator, by itself at a free port. @throws Error with what it said, if it does not come up */
export async function startPubsub(at?: string): Promise<PubsubEmulator> {
  const host = at ?? `127.0.0.1:${await freePort()}`;
  const folder = mkdtempSync(join(tmpdir(), "imagemeta-pubsub-"));
  // A group of its own: gcloud starts a shell that starts Java, and a signal to gcloud alone would leave them.
  const emulator = spawn("gcloud", ["beta", "emulators", "pubsub", "start", `--host-port=${host}`, `--data-dir=${folder}`, "--quiet"], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => emulator.once("exit", () => resolve()));
  const kill = () => {
    if (emulator.pid !== undefined && emulator.exitCode === null) process.kill(-emulator.pid, "SIGKILL");
  };
  process.once("exit", kill);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    emulator.once("error", reject);
    emulator.once("exit", (code) => reject(new Error(`the Pub/Sub emulator ended with ${code}: ${said}`)));
    for (const stream of [emulator.stdout, emulator.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-4000);
        if (said.includes("Server started")) resolve();
      });
    }
  });
  return {
    host,
    async stop() {
      process.off("exit", kill);
      kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same behind a relay that ends the streams of clients that died: for tests that kill workers. */
export async function startRelayedPubsub(): Promise<PubsubEmulator> {
  const emulator = await startPubsub();
  const relay = await startPubsubRelay(emulator.host);
  return {
    host: relay.host,
    async stop() {
      await relay.close();
      await emulator.stop();
    },
  };
}
