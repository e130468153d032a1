// The emulator's own endpoint, beside Google's API: faults are set and cleared while it runs.
import { type Exchange, sendJson } from "./answer.ts";
import { invalid, notFound } from "./failures.ts";
import type { Faults } from "./faults.ts";
import { readJson } from "./request-body.ts";

/** `/_emulator/faults`: GET says the rules, POST adds one, DELETE clears them. */
export async function handleAdmin(exchange: Exchange, path: string, faults: Faults): Promise<void> {
  const { method } = exchange.request;
  if (path !== "/_emulator/faults" || !["GET", "POST", "DELETE"].includes(method ?? "")) throw notFound();
  if (method === "DELETE") faults.clear();
  if (method === "POST") {
    const rule = await readJson(exchange.request);
    try {
      faults.add(rule);
    } catch (thrown) {
      throw invalid((thrown as Error).message);
    }
  }
  await sendJson(exchange, 200, faults.state());
}
