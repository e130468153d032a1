/** Google's Firestore emulator for a test run or a benchmark. */
import { hasGoogleEmulator, startGoogleEmulator } from "../google-emulator.ts";

export interface FirestoreEmulator {
  /** `127.0.0.1:PORT`, as FIRESTORE_EMULATOR_HOST takes it. */
  readonly host: string;
  /** Freezes it: connections stay, and nothing is answered. Gives what lets it go on. */
  freeze(): () => void;
  stop(): Promise<void>;
}

/** Whether the emulator can be started here. */
export const hasFirestoreEmulator = (): boolean => hasGoogleEmulator("cloud-firestore-emulator");

/** Starts the emulator. @throws Error with what it said, if it does not come up */
export async function startFirestore(): Promise<FirestoreEmulator> {
  const { host, signal, stop } = await startGoogleEmulator({ what: "firestore", ready: "is now running" });
  return {
    host,
    freeze() {
      signal("SIGSTOP");
      return () => signal("SIGCONT");
    },
    stop,
  };
}
