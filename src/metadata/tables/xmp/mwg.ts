/**
 * Metadata Working Group Guidelines 2.0: regions, keywords, collections.
 * Names and values: ExifTool 13.59 MWG.pm.
 */

import { Dimensions } from "./adobe.ts";
import { Area } from "./iptc.ts";
import { boolean, list, real, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

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
    ["AppliedToDimensions", "AppliedToDimensions", structure(() => Dimensions)],
    ["RegionList", "RegionList", list(structure(() => MWGRegionStruct))],
  ],
};

const MWGKeywordInfo: XmpStructure = {
  fields: [["Hierarchy", "Hierarchy", list(structure(() => MWGKeywordStruct))]],
};

const MWGCollectionInfo: XmpStructure = {
  fields: [
    ["CollectionName", "CollectionName"],
    ["CollectionURI", "CollectionURI"],
  ],
};

const MWGRegionStruct: XmpStructure = {
  fields: [
    ["Area", "Area", structure(() => Area)],
    ["BarCodeValue", "BarCodeValue"],
    ["Description", "Description"],
    ["Extensions", "Extensions", structure(() => MWGExtensions)],
    [
      "FocusUsage",
      "FocusUsage",
      {
        print: {
          EvaluatedNotUsed: "Evaluated, Not Used",
          EvaluatedUsed: "Evaluated, Used",
          NotEvaluatedNotUsed: "Not Evaluated, Not Used",
        },
      },
    ],
    ["Name", "Name"],
    ["Rotation", "Rotation", real],
    ["Type", "Type", { print: { BarCode: "BarCode", Face: "Face", Focus: "Focus", Pet: "Pet" } }],
    ["seeAlso", "SeeAlso"],
  ],
};

const MWGKeywordStruct: XmpStructure = {
  fields: [
    ["Applied", "Applied", boolean],
    ["Children", "Children", list(structure(() => MWGKeywordStruct))],
    ["Keyword", "Keyword"],
  ],
};

const MWGExtensions: XmpStructure = {
  fields: [],
  open: true,
};
