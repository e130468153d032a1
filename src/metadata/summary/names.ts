/** Names of the tags that the summary may be made of: they are decoded even if the caller does not want them. */
import type { Place } from "./place.ts";
import { positionNames } from "./position.ts";
import { evidenceNames } from "./provenance.ts";
import {
  camera,
  capture,
  creators,
  currentDigest,
  type Described,
  descriptive,
  digitalSourceType,
  equipment,
  flash,
  interopIndex,
  keptDigest,
  keywords,
  numeric,
  orientation,
  srgbRendering,
  wideSensitivity,
  xmpFlash,
} from "./sources.ts";
import { timeNames } from "./times.ts";

const plain = [camera, equipment, capture, numeric].flatMap((fields): readonly Place[] => Object.values(fields).flat());
const described = [...Object.values(descriptive), creators, keywords].flatMap(({ exif, iptc, xmp, other }: Described): readonly Place[] => [
  ...exif,
  ...iptc,
  ...xmp,
  ...other,
]);

const others = [xmpFlash, interopIndex, srgbRendering, keptDigest, currentDigest, orientation];

export const summaryNames: ReadonlySet<string> = new Set([
  ...[...plain, ...described, ...wideSensitivity, ...flash, ...digitalSourceType, ...others].map(({ name }) => name),
  ...timeNames,
  ...positionNames,
  ...evidenceNames,
]);
