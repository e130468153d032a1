/** The sample bucket as it is served: what it holds, and that it stays small. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emulatorOver } from "./running.ts";

test("the sample bucket holds a dozen small images of all kinds, and one file that is none", async () => {
  const { url, folder } = await emulatorOver({});
  cpSync(new URL("../../samples/sample-bucket", import.meta.url).pathname, join(folder, "sample-bucket"), { recursive: true });
  const { items } = (await (await fetch(`${url}/storage/v1/b/sample-bucket/o`)).json()) as {
    items: { name: string; contentType: string; size: string }[];
  };
  expect(items.map(({ name, contentType }) => [name, contentType])).toEqual([
    ["2024/Café Zürich.jpg", "image/jpeg"],
    ["2024/athens.jpg", "image/jpeg"],
    ["2024/kyoto.avif", "image/avif"],
    ["2024/lisbon.heic", "image/heic"],
    ["animations/balloon.gif", "image/gif"],
    ["animations/balloon.webp", "image/webp"],
    ["broken/cut-off.jpg", "image/jpeg"],
    ["generated/castle.png", "image/png"],
    ["generated/fox.png", "image/png"],
    ["notes.txt", "text/plain"],
    ["press/harbour.jpg", "image/jpeg"],
    ["press/portrait.jpg", "image/jpeg"],
    ["scans/letter.tif", "image/tiff"],
  ]);
  expect(Math.max(...items.map(({ size }) => Number(size)))).toBeLessThan(60_000);
});
