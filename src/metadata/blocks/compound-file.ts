/** The compound file that Picture It! puts into PNG: the document's summary of it. */
import { ByteWindow } from "../bytes/window.ts";
import type { Decoder } from "../contracts.ts";
import { compoundFileStreams } from "../grammar/compound-file.ts";
import { readProperties } from "../grammar/property-set.ts";
import { documentSummaryInformation, summaryInformation } from "../tables/document-summary.ts";
import { commonProperties } from "../tables/flashpix.ts";
import type { Table } from "../tables/row.ts";

const summaries: ReadonlyMap<string, Table> = new Map([
  ["\x05SummaryInformation", summaryInformation],
  ["\x05DocumentSummaryInformation", documentSummaryInformation],
]);

export const compoundFile: Decoder<"compound-file"> = {
  kind: "compound-file",
  decode({ data }, found) {
    const file = data.upTo(0, data.size ?? 0);
    const streams = compoundFileStreams(file, [...summaries.keys()], found);
    const group = found.tags.group("FlashPix");
    for (const [name, properties] of summaries) {
      const stream = streams.get(name);
      if (stream === undefined) continue;
      for (const { id, value } of readProperties(ByteWindow.whole(stream, undefined, found.budget), found)) {
        const tag = commonProperties.first(id) ?? properties.first(id);
        if (tag !== undefined) group.putRaw(tag, value);
      }
    }
  },
};
