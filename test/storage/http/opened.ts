/** An object of a web server whose manners can be chosen, opened for one test. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach } from "vitest";
import type { StoredObject } from "../../../src/storage/contract.ts";
import { http } from "../../../src/storage/http/storage.ts";
import { resolveOptions, type StorageOptions } from "../../../src/storage/options.ts";
import { serve, type WebServer } from "../web-server.ts";

/** What is closed after the test. */
export const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

export async function openAt(
  answer: (request: IncomingMessage, response: ServerResponse, server: WebServer) => void,
  options: StorageOptions = {},
): Promise<{ stored: StoredObject; server: WebServer }> {
  const server: WebServer = await serve((request, response) => answer(request, response, server));
  const storage = http(resolveOptions({ backoff: 1, stall: 300, ...options }));
  closing.push(
    () => storage.close(),
    () => server.close(),
  );
  return { stored: await storage.open({ uri: `${server.url}/a.jpg` }, new AbortController().signal), server };
}
