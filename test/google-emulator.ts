/** Google's emulators, as `gcloud beta emulators` starts them, on a free port of this machine. They hold everything in memory. */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { requireProgram } from "./requirements.ts";
import { freePort } from "./stores/postgres-server.ts";

export interface GoogleEmulator {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  stop(): Promise<void>;
}

/** Whether the emulator can be started here. @param component of the Google Cloud CLI */
export function hasGoogleEmulator(component: string): boolean {
  const how = `install the Google Cloud CLI and its components \`beta\` and \`${component}\` (they need Java 11 or newer)`;
  return requireProgram("gcloud", how) && requireProgram("java", how);
}

export interface EmulatorOptions {
  readonly what: "firestore" | "pubsub";
  /** What it says when it serves. */
  readonly ready: string;
  /** Default a free port. */
  readonly host?: string | undefined;
  readonly args?: readonly string[];
}

/** @throws Error with what it said, if it does not come up */
export async function startGoogleEmulator({ what, ready, host, args = [] }: EmulatorOptions): Promise<GoogleEmulator> {
  const at = host ?? `127.0.0.1:${await freePort()}`;
  // A group of its own: gcloud starts a shell that starts Java, and a signal to gcloud alone would leave them.
  const emulator = spawn("gcloud", ["beta", "emulators", what, "start", `--host-port=${at}`, "--quiet", ...args], {
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
    emulator.once("exit", (code) => reject(new Error(`the emulator of ${what} ended with ${code}: ${said}`)));
    for (const stream of [emulator.stdout, emulator.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-4000);
        if (said.includes(ready)) resolve();
      });
    }
  });
  // A benchmark may end without having stopped it: it is killed then.
  emulator.unref();
  for (const stream of [emulator.stdout, emulator.stderr]) (stream as Socket).unref();
  return {
    host: at,
    signal(name) {
      if (emulator.pid !== undefined) process.kill(-emulator.pid, name);
    },
    async stop() {
      process.off("exit", kill);
      emulator.ref();
      kill();
      await ended;
    },
  };
}
