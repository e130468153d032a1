/** Google's Firestore emulator for a test run or a benchmark, on a free port of this machine. It holds everything in memory. */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { requireProgram } from "../requirements.ts";
import { freePort } from "./postgres-server.ts";

export interface FirestoreEmulator {
  /** `127.0.0.1:PORT`, as FIRESTORE_EMULATOR_HOST takes it. */
  readonly host: string;
  /** Freezes it: connections stay, and nothing is answered. Gives what lets it go on. */
  freeze(): () => void;
  stop(): Promise<void>;
}

/** Whether the emulator can be started here. */
export function hasFirestoreEmulator(): boolean {
  const how = "install the Google Cloud CLI and its components `beta` and `cloud-firestore-emulator` (they need Java 11 or newer)";
  return requireProgram("gcloud", how) && requireProgram("java", how);
}

/** Starts the emulator. @throws Error with what it said, if it does not come up */
export async function startFirestore(): Promise<FirestoreEmulator> {
  const host = `127.0.0.1:${await freePort()}`;
  // A group of its own: gcloud starts a shell that starts Java, and a signal to gcloud alone would leave them.
  const emulator = spawn("gcloud", ["beta", "emulators", "firestore", "start", `--host-port=${host}`, "--quiet"], {
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
    emulator.once("exit", (code) => reject(new Error(`the Firestore emulator ended with ${code}: ${said}`)));
    for (const stream of [emulator.stdout, emulator.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-4000);
        if (said.includes("is now running")) resolve();
      });
    }
  });
  // A benchmark may end without having stopped it: it is killed then.
  emulator.unref();
  for (const stream of [emulator.stdout, emulator.stderr]) (stream as Socket).unref();
  const signal = (name: "SIGSTOP" | "SIGCONT") => {
    if (emulator.pid !== undefined) process.kill(-emulator.pid, name);
  };
  return {
    host,
    freeze() {
      signal("SIGSTOP");
      return () => signal("SIGCONT");
    },
    async stop() {
      process.off("exit", kill);
      emulator.ref();
      kill();
      await ended;
    },
  };
}
