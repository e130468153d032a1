/**
 * Blocks of version 0.1.0, which stands in by `--engine FOLDER`: its decoders know where a block stood by a path and a hint, which are made
 * of the contexts that came after them. Its tags are gathered in a set.
 */
import type { Kinds } from "../src/metadata/blocks/kinds.ts";
import type { Budget } from "../src/metadata/budget.ts";
import type { ByteWindow } from "../src/metadata/bytes/window.ts";
import type { BlockKind, Findings, PlainKind } from "../src/metadata/contracts.ts";
import type { FoundWarning } from "../src/metadata/warnings.ts";
import type { Tags } from "../src/record/types.ts";
import type { AnyDecoder, Blocks, Load } from "./version.ts";

/** What a block lay in, outermost first, and what was known beyond its bytes. */
interface Place {
  readonly path: readonly string[];
  readonly hint?: string;
}

const holders = { APP1: "jpeg", RIFF: "webp", HEIF: "heif", other: "png" } as const;

type Places = { readonly [K in Exclude<BlockKind, PlainKind>]: (context: Kinds[K]) => Place };

const places: Places = {
  exif: ({ holder }) => ({ path: [holders[holder]] }),
  flashpix: ({ lengths }) => ({ path: ["jpeg"], hint: lengths.join(" ") }),
  fotostation: ({ record }) => ({ path: ["jpeg"], hint: String(record) }),
  iptc: ({ standing }) => ({ path: standing === "free" ? ["png"] : standing === "standard" ? ["jpeg", "photoshop"] : ["jpeg"] }),
  "jpeg-comment": ({ charset }) => ({ path: ["jpeg"], ...(charset === "utf-8" ? {} : { hint: charset }) }),
  "mp-entries": ({ littleEndian }) => ({ path: ["jpeg", "mpf"], hint: orderOf(littleEndian) }),
  photoshop: ({ iptc }) => ({ path: iptc === "free" ? ["png"] : iptc === "standard" ? ["jpeg"] : ["tiff", "tiff"] }),
  "png-text": ({ group, keyword, method, language }) => ({
    path: ["png"],
    hint: [group, keyword, method ?? "", ...(language === undefined ? [] : [language])].join("\0"),
  }),
  printim: ({ littleEndian }) => ({ path: ["jpeg", "exif"], hint: orderOf(littleEndian) }),
};

const placeOf = new Map<string, (context: never) => Place>(Object.entries(places));

function orderOf(littleEndian: boolean): string {
  return littleEndian ? "II" : "MM";
}

interface FirstFindings extends Findings {
  readonly sequence: readonly object[];
  readonly warnings: readonly FoundWarning[];
}

interface FindingsModule {
  readonly Found: new (window: ByteWindow, budget: Budget, thorough: boolean, block: string) => FirstFindings;
}

interface TagSetModule {
  readonly TagSet: new () => {
    add(entry: object): void;
    form(form: "printed", failed: (entry: object, cause: unknown) => void): Tags;
  };
}

export async function firstBlocks(module: Load): Promise<Blocks> {
  const { decoders } = await module<{ readonly decoders: readonly AnyDecoder[] }>("metadata/blocks/table.ts");
  const { Found } = await module<FindingsModule>("metadata/findings.ts");
  const { TagSet } = await module<TagSetModule>("metadata/tag-set.ts");
  return {
    decoders,
    given(kind, data, context) {
      const { path, hint } = placeOf.get(kind)?.(context as never) ?? { path: [] };
      return { kind, data, path, depth: path.length, hint };
    },
    alone(kind, data, budget) {
      const found = new Found(data, budget, false, kind);
      return {
        found,
        tags(failed) {
          const tags = new TagSet();
          for (const item of found.sequence) if ("group" in item) tags.add(item);
          return tags.form("printed", (_, cause) => failed(cause));
        },
      };
    },
  };
}
