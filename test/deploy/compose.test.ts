/** compose.yaml as Compose would run it: its commands and variables, with Google's emulators on this machine's ports for those in containers. */
import type { ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { openCatalogue } from "../../src/stores/open.ts";
import { imagemeta, start } from "../cli/running.ts";
import { hasPubsubEmulator, startPubsub } from "../pubsub-emulator.ts";
import { hasFirestoreEmulator, startFirestore } from "../stores/firestore-emulator.ts";
import { freePort } from "../stores/postgres-server.ts";

interface ComposeService {
  readonly command: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const { services }: { services: Record<string, ComposeService> } = parse(
  readFileSync(new URL("../../compose.yaml", import.meta.url), "utf8"),
  { merge: true },
);

test("who needs another waits for it, and nobody for one that is not there", () => {
  for (const [name, { depends_on = {} }] of Object.entries(services))
    for (const needed of Object.keys(depends_on)) expect(Object.keys(services), name).toContain(needed);
  expect(services.worker?.depends_on).toMatchObject({ setup: { condition: "service_completed_successfully" } });
});

test.skipIf(!hasPubsubEmulator() || !hasFirestoreEmulator())(
  "its commands make a pipeline: an upload to the bucket becomes a record in Firestore",
  async () => {
    const folder = mkdtempSync(`${tmpdir()}/imagemeta-compose-`);
    cpSync(new URL("../../samples/sample-bucket", import.meta.url), `${folder}/sample-bucket`, { recursive: true });
    const [pubsub, firestore, storagePort, workerPort] = await Promise.all([startPubsub(), startFirestore(), freePort(), freePort()]);
    const places: readonly [written: string, here: string][] = [
      ["http://storage:4443", `http://127.0.0.1:${storagePort}`],
      ["pubsub:8085", pubsub.host],
      ["firestore:8080", firestore.host],
      ["/buckets", folder],
      ["0.0.0.0", "127.0.0.1"],
      ["9090", String(workerPort)],
    ];
    const here = (text: string) => places.reduce((all, [written, place]) => all.replaceAll(written, place), text);
    const wordsOf = ({ command }: ComposeService) =>
      [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => here(quoted ?? plain ?? ""));
    const service = (name: string): ComposeService => {
      const found = services[name];
      if (found === undefined) throw new Error(`no service ${name}`);
      return found;
    };
    const environment = Object.fromEntries(Object.entries(service("worker").environment ?? {}).map(([name, value]) => [name, here(value)]));
    const running: ChildProcess[] = [];
    try {
      running.push(start([...wordsOf(service("storage")), "--port", String(storagePort)], environment));
      await expect
        .poll(async () => (await fetch(`${environment.STORAGE_EMULATOR_HOST}/storage/v1/b?project=demo`).catch(() => undefined))?.status, {
          timeout: 20_000,
        })
        .toBe(200);
      expect(await imagemeta(wordsOf(service("setup")), environment)).toMatchObject({ code: 0 });
      running.push(start(wordsOf(service("worker")), environment));
      const image = readFileSync(new URL("../../samples/sample-bucket/press/harbour.jpg", import.meta.url));
      const upload = `${environment.STORAGE_EMULATOR_HOST}/upload/storage/v1/b/sample-bucket/o?uploadType=media&name=new.jpg`;
      expect((await fetch(upload, { method: "POST", body: image })).status).toBe(200);
      process.env.FIRESTORE_EMULATOR_HOST = firestore.host;
      const catalogue = await openCatalogue(service("worker").command.match(/firestore:[^"]+/)?.[0] ?? "");
      await expect
        .poll(async () => (await catalogue.get("gs://sample-bucket/new.jpg"))?.object.contentType, { timeout: 60_000 })
        .toBe("image/jpeg");
      await catalogue.close();
    } finally {
      delete process.env.FIRESTORE_EMULATOR_HOST;
      for (const child of running) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await ended;
      }
      await Promise.all([pubsub.stop(), firestore.stop()]);
      rmSync(folder, { recursive: true });
    }
  },
  180_000,
);
