/** Google Cloud Storage, or an emulator of it. */
import { tokensFor } from "../../auth/credentials.ts";
import { READ } from "../../auth/scopes.ts";
import { anonymous, type TokenSource } from "../../auth/token-source.ts";
import type { Storage } from "../contract.ts";
import { HttpObject } from "../http/object.ts";
import { Transport } from "../http/transport.ts";
import type { ResolvedStorageOptions } from "../options.ts";
import { originOf, parseUri } from "./endpoint.ts";
import { listObjects } from "./list.ts";
import { findLive } from "./live-object.ts";
import { GcsDialect } from "./object.ts";
import { listObjectsInParallel } from "./parallel-list.ts";

/** `tokens`: where access tokens come from; what `options.credentials` find where it is left out, none for an emulator. */
export function gcs(options: ResolvedStorageOptions, tokens?: TokenSource): Storage {
  const { concurrency, stall, backoff, deadline, wholeBytes, bytes, memory, userProject, emulatorHost, credentials, gate } = options;
  const transport = new Transport({ connections: concurrency, stall, gate });
  const shared = {
    origin: originOf(emulatorHost),
    tokens: tokens ?? (emulatorHost === undefined ? tokensFor(credentials, [READ]) : anonymous),
    userProject,
    transport,
    backoff,
    deadline,
    wholeBytes,
    bytes,
    memory,
  };
  return {
    list: (where, signal) => listObjects(where, shared, signal),
    listParallel: (where, signal, workers = concurrency) => listObjectsInParallel(where, shared, signal, workers),
    findLive: (uri, signal) => findLive(uri, shared, signal),
    open: async ({ uri, info }) => new HttpObject(new GcsDialect(parseUri(uri), info, shared), shared),
    close: () => transport.close(),
  };
}
