/**
 * Microsoft: photo, people and panorama namespaces, Expression Media.
 * Names and values: ExifTool 13.59 Microsoft.pm, XMP2.pl.
 */
import { date, list, low, real, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

export const microsoft: XmpNamespace = {
  prefix: "microsoft",
  rows: [
    ["CameraSerialNumber", "CameraSerialNumber"],
    ["CreatorAppId", "CreatorAppID"],
    ["CreatorOpenWithUIOptions", "CreatorOpenWithUIOptions"],
    ["DateAcquired", "DateAcquired", date],
    ["FlashManufacturer", "FlashManufacturer"],
    ["FlashModel", "FlashModel"],
    ["ItemSubType", "ItemSubType"],
    ["LastKeywordIPTC", "LastKeywordIPTC", list()],
    ["LastKeywordXMP", "LastKeywordXMP", list()],
    ["LensManufacturer", "LensManufacturer"],
    ["LensModel", "LensModel", low()],
    ["Rating", "RatingPercent"],
  ],
};

export const MP: XmpNamespace = {
  prefix: "MP",
  rows: [["RegionInfo", "RegionInfoMP", structure(() => MicrosoftRegionInfo)]],
};

export const MP1: XmpNamespace = {
  prefix: "MP1",
  rows: [
    ["Brightness", "Brightness", low()],
    ["CameraModelID", "CameraModelID", low()],
    ["Contrast", "Contrast", low()],
    ["ExposureCompensation", "ExposureCompensation", low()],
    [
      "PanoramicStitchCameraMotion",
      "PanoramicStitchCameraMotion",
      { print: { "3DRotation": "3D Rotation", Affine: "Affine", Homography: "Homography", RigidScale: "Rigid Scale" } },
    ],
    [
      "PanoramicStitchMapType",
      "PanoramicStitchMapType",
      {
        print: {
          "Horizontal-Cylindrical": "Horizontal Cylindrical",
          "Horizontal-Spherical": "Horizontal Spherical",
          Perspective: "Perspective",
          "Vertical-Cylindrical": "Vertical Cylindrical",
          "Vertical-Spherical": "Vertical Spherical",
        },
      },
    ],
    ["PanoramicStitchPhi0", "PanoramicStitchPhi0", real],
    ["PanoramicStitchPhi1", "PanoramicStitchPhi1", real],
    ["PanoramicStitchTheta0", "PanoramicStitchTheta0", real],
    ["PanoramicStitchTheta1", "PanoramicStitchTheta1", real],
    ["PipelineVersion", "PipelineVersion"],
    ["StreamType", "StreamType"],
    ["WhiteBalance0", "WhiteBalance0", real],
    ["WhiteBalance1", "WhiteBalance1", real],
    ["WhiteBalance2", "WhiteBalance2", real],
  ],
};

export const expressionmedia: XmpNamespace = {
  prefix: "expressionmedia",
  rows: [
    ["CatalogSets", "CatalogSets", low(list())],
    ["Event", "Event", low()],
    ["People", "People", low(list())],
    ["Status", "Status", low()],
  ],
};

const MicrosoftRegionInfo: XmpStructure = {
  fields: [
    ["DateRegionsValid", "DateRegionsValid", date],
    ["Regions", "Regions", list(structure(() => MicrosoftRegions))],
  ],
};

const MicrosoftRegions: XmpStructure = {
  fields: [
    ["PersonDisplayName", "PersonDisplayName"],
    ["PersonEmailDigest", "PersonEmailDigest"],
    ["PersonLiveIdCID", "PersonLiveIdCID"],
    ["PersonSourceID", "PersonSourceID"],
    ["Rectangle", "Rectangle"],
  ],
};
