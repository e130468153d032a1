/** Google Cloud Storage, or an emulator of it. */
import { defaultCredentials } from "../../auth/default-credentials.ts";
import { anonymous, type TokenSource } from "../../auth/token-source.ts";
import type { Storage } from "../contract.ts";
import { HttpObject } from "../http/object.ts";
import { Transport } from "../http/transport.ts";
import type { ResolvedStorageOptions } from "../options.ts";
import { originOf, parseUri } from "./endpoint.ts";
import { listObjects } from "./list.ts";
import { GcsDialect } from "./object.ts";
import { listObjectsInParallel } from "./parallel-list.ts";

/** `tokens`: where access tokens come from; application default credentials where it is left out, none for an emulator. */
export function gcs(options: ResolvedStorageOptions, tokens?: TokenSource): Storage {
  const { concurrency, stall, backoff, deadline, wholeBytes, userProject, emulatorHost, gate } = options;
  const transport = new Transport({ connections: concurrency, stall, gate });
  const shared = {
    origin: originOf(emulatorHost),
    tokens: tokens ?? (emulatorHost === undefined ? defaultCredentials() : anonymous),
    userProject,
    transport,
    backoff,
    deadline,
    wholeBytes,
  };
  return {
    list: (where, signal) => listObjects(where, shared, signal),
    listParallel: (where, signal, workers = concurrency) => listObjectsInParallel(where, shared, signal, workers),
    open: async ({ uri, info }) => new HttpObject(new GcsDialect(parseUri(uri), info, shared), shared),
    close: () => transport.close(),
  };
}
