/** Names of the tags that the summary may be made of: they are decoded even if the caller does not want them. */
import { positionNames } from "./position.ts";
import { evidenceNames } from "./provenance.ts";
import {
  camera,
  capture,
  colorNames,
  creators,
  type Described,
  descriptive,
  digestNames,
  digitalSourceType,
  equipment,
  flash,
  keywords,
  numeric,
  wideSensitivity,
} from "./sources.ts";
import { timeNames } from "./times.ts";
import type { Tag } from "./values.ts";

const plain = [camera, equipment, capture, numeric].flatMap((fields): readonly Tag[] => Object.values(fields).flat());
const described = [...Object.values(descriptive), creators, keywords].flatMap(({ exif, iptc, xmp, other }: Described): readonly Tag[] => [
  ...exif,
  ...iptc,
  ...xmp,
  ...other,
]);

export const summaryNames: ReadonlySet<string> = new Set([
  ...[...plain, ...described, ...wideSensitivity, ...flash, ...digitalSourceType].map(([, name]) => name),
  ...timeNames,
  ...positionNames,
  ...evidenceNames,
  ...colorNames,
  ...digestNames,
  // The record has a field of its own for it.
  "Orientation",
]);
