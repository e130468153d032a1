/**
 * Metadata Working Group Guidelines 2.0: regions, keywords, collections.
 * Names and values: ExifTool 13.59 MWG.pm.
 */

import { Dimensions } from "./adobe.ts";
import { boolean, choice, list, real, structure, type XmpNamespace, type XmpStructure } from "./fields.ts";
import { Area } from "./iptc.ts";

export const mwgRs: XmpNamespace = {
  prefix: "mwg-rs",
  rows: [["Regions", "RegionInfo", structure(() => MWGRegionInfo)]],
};

export const mwgKw: XmpNamespace = {
  prefix: "mwg-kw",
  rows: [["Keywords", "KeywordInfo", structure(() => MWGKeywordInfo)]],
};

export const mwgColl: XmpNamespace = {
  prefix: "mwg-coll",
  rows: [["Collections", "Collections", list(structure(() => MWGCollectionInfo))]],
};

const MWGRegionInfo: XmpStructure = {
  fields: [
    ["AppliedToDimensions", structure(() => Dimensions)],
    ["RegionList", list(structure(() => MWGRegionStruct))],
  ],
};

const MWGKeywordInfo: XmpStructure = {
  fields: [["Hierarchy", list(structure(() => MWGKeywordStruct))]],
};

const MWGCollectionInfo: XmpStructure = {
  fields: [["CollectionName"], ["CollectionURI"]],
};

const MWGRegionStruct: XmpStructure = {
  fields: [
    ["Area", structure(() => Area)],
    ["BarCodeValue"],
    ["Description"],
    ["Extensions", structure(() => MWGExtensions)],
    [
      "FocusUsage",
      choice({ EvaluatedNotUsed: "Evaluated, Not Used", EvaluatedUsed: "Evaluated, Used", NotEvaluatedNotUsed: "Not Evaluated, Not Used" }),
    ],
    ["Name"],
    ["Rotation", real],
    ["Type", choice({ BarCode: "BarCode", Face: "Face", Focus: "Focus", Pet: "Pet" })],
    ["seeAlso"],
  ],
};

const MWGKeywordStruct: XmpStructure = {
  fields: [["Applied", boolean], ["Children", list(structure(() => MWGKeywordStruct))], ["Keyword"]],
};

const MWGExtensions: XmpStructure = {
  fields: [],
  open: true,
};
