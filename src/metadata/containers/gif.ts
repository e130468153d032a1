/** GIF, as far as it is known without reading the blocks: the GIF 89a specification. */
import { latin1 } from "../bytes/text.ts";
import { lateTable } from "../late-table.ts";
import type { Container, Format } from "./container.ts";

const GIF: Format = { format: "GIF", mimeType: "image/gif", extensions: "gif", standard: "GIF 89a" };

export const gifFile = lateTable(
  "GIF",
  "containers/gif/file",
  () => import("./gif/file.ts"),
  (module) => module.readGif,
);

export const gif: Container = {
  name: "gif",
  title: "GIF",
  formats: [GIF],
  metadata: "XMP, ICC, comments, application extensions, frames",
  coverage: "The first 64 KiB. In larger files `frames` and what follows are absent, except with `--thorough`",
  detect(head) {
    const signature = latin1(head.subarray(0, 6));
    return signature === "GIF89a" || signature === "GIF87a" ? GIF : undefined;
  },
  parse(window, found) {
    found.table(gifFile)?.(window, found);
  },
};
