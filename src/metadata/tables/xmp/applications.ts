/**
 * Namespaces of applications: cataloguers, editors, Creative Commons, DICOM.
 * Names and values: ExifTool 13.59 XMP2.pl, PhotoMechanic.pm.
 */
import { exifTime, photoMechanicPrefs } from "./conversions.ts";
import { binary, boolean, date, integer, langAlt, list, low, real, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

export const DICOM: XmpNamespace = {
  prefix: "DICOM",
  rows: [
    ["EquipmentInstitution", "EquipmentInstitution"],
    ["EquipmentManufacturer", "EquipmentManufacturer"],
    ["PatientDOB", "PatientBirthDate", date],
    ["PatientID", "PatientID"],
    ["PatientName", "PatientName"],
    ["PatientSex", "PatientSex"],
    ["SeriesDateTime", "SeriesDateTime", date],
    ["SeriesDescription", "SeriesDescription"],
    ["SeriesModality", "SeriesModality"],
    ["SeriesNumber", "SeriesNumber"],
    ["StudyDateTime", "StudyDateTime", date],
    ["StudyDescription", "StudyDescription"],
    ["StudyID", "StudyID"],
    ["StudyPhysician", "StudyPhysician"],
  ],
};

export const PixelLive: XmpNamespace = {
  prefix: "PixelLive",
  rows: [
    ["AUTHOR", "Author", low()],
    ["COMMENTS", "Comments", low()],
    ["COPYRIGHT", "Copyright", low()],
    ["DATE", "Date", low()],
    ["GENRE", "Genre", low()],
    ["TITLE", "Title", low()],
  ],
};

export const acdsee: XmpNamespace = {
  prefix: "acdsee",
  rows: [
    ["EditStatus", "EditStatus", low()],
    ["FixtureIdentifier", "FixtureIdentifier", low()],
    ["ObjectCycle", "ObjectCycle", low()],
    ["OriginatingProgram", "OriginatingProgram", low()],
    ["ReleaseDate", "ReleaseDate", low()],
    ["ReleaseTime", "ReleaseTime", low()],
    ["Snapshots", "Snapshots", low(list(binary))],
    ["author", "Author", low()],
    ["caption", "Caption", low()],
    ["categories", "Categories", low()],
    ["collections", "Collections", low()],
    ["datetime", "DateTime", low(date)],
    ["dpp", "DPP", low(binary)],
    ["keywords", "Keywords", low(list())],
    ["notes", "Notes", low()],
    ["rating", "Rating", low(real)],
    ["rawrppused", "Rawrppused", low(boolean)],
    ["rpp", "RPP", low(binary)],
    ["tagged", "Tagged", low(boolean)],
  ],
};

export const acdseeRs: XmpNamespace = {
  prefix: "acdsee-rs",
  rows: [["Regions", "RegionInfoACDSee", low(structure(() => ACDSeeRegionInfo))]],
};

export const cc: XmpNamespace = {
  prefix: "cc",
  rows: [
    ["attributionName", "AttributionName"],
    ["attributionURL", "AttributionURL"],
    ["deprecatedOn", "DeprecatedOn", date],
    ["jurisdiction", "Jurisdiction"],
    ["legalcode", "LegalCode"],
    ["license", "License"],
    ["morePermissions", "MorePermissions"],
    [
      "permits",
      "Permits",
      list({
        print: {
          "cc:DerivativeWorks": "Derivative Works",
          "cc:Distribution": "Distribution",
          "cc:Reproduction": "Reproduction",
          "cc:Sharing": "Sharing",
        },
      }),
    ],
    [
      "prohibits",
      "Prohibits",
      list({ print: { "cc:CommercialUse": "Commercial Use", "cc:HighIncomeNationUse": "High Income Nation Use" } }),
    ],
    [
      "requires",
      "Requires",
      list({
        print: {
          "cc:Attribution": "Attribution",
          "cc:Copyleft": "Copyleft",
          "cc:LesserCopyleft": "Lesser Copyleft",
          "cc:Notice": "Notice",
          "cc:ShareAlike": "Share Alike",
          "cc:SourceCode": "Source Code",
        },
      }),
    ],
    ["useGuidelines", "UseGuidelines"],
  ],
};

export const dex: XmpNamespace = {
  prefix: "dex",
  rows: [
    ["crc32", "CRC32", integer],
    ["ffid", "FFID"],
    [
      "licensetype",
      "LicenseType",
      {
        print: {
          adware: "Adware",
          commercial: "Commercial",
          demo: "Demo",
          freeware: "Freeware",
          "open source": "Open Source",
          "public domain": "Public Domain",
          shareware: "Shareware",
          unknown: "Unknown",
        },
      },
    ],
    ["os", "OS", integer],
    ["rating", "Rating", low()],
    ["revision", "Revision"],
    ["shortdescription", "ShortDescription", langAlt],
    ["source", "Source", low()],
  ],
};

export const digiKam: XmpNamespace = {
  prefix: "digiKam",
  rows: [
    ["CaptionsAuthorNames", "CaptionsAuthorNames", langAlt],
    ["CaptionsDateTimeStamps", "CaptionsDateTimeStamps", langAlt],
    ["ColorLabel", "ColorLabel"],
    ["ImageHistory", "ImageHistory", low()],
    ["ImageUniqueID", "ImageUniqueID", low()],
    ["LensCorrectionSettings", "LensCorrectionSettings"],
    ["PickLabel", "PickLabel"],
    ["TagsList", "TagsList", list()],
    ["picasawebGPhotoId", "PicasawebGPhotoId"],
  ],
};

export const et: XmpNamespace = {
  prefix: "et",
  rows: [
    ["OriginalImageHash", "OriginalImageHash"],
    ["OriginalImageHashType", "OriginalImageHashType"],
    ["OriginalImageMD5", "OriginalImageMD5"],
  ],
};

export const extensis: XmpNamespace = {
  prefix: "extensis",
  rows: [
    ["Approved", "Approved", boolean],
    ["ApprovedBy", "ApprovedBy"],
    ["ClientName", "ClientName"],
    ["JobName", "JobName"],
    ["JobStatus", "JobStatus"],
    ["RoutedTo", "RoutedTo"],
    ["RoutingNotes", "RoutingNotes"],
    ["WorkToDo", "WorkToDo"],
  ],
};

export const fpv: XmpNamespace = {
  prefix: "fpv",
  rows: [["RichTextComment", "RichTextComment"]],
};

export const getty: XmpNamespace = {
  prefix: "getty",
  rows: [
    ["AssetID", "AssetID"],
    ["CallForImage", "CallForImage"],
    ["CameraFilename", "CameraFilename"],
    ["CameraMakeModel", "CameraMakeModel", low()],
    ["CameraSerialNumber", "CameraSerialNumber", low()],
    ["Composition", "Composition"],
    ["ExclusiveCoverage", "ExclusiveCoverage"],
    ["GIFTFtpPriority", "GIFTFtpPriority"],
    ["ImageRank", "ImageRank"],
    ["MediaEventIdDate", "MediaEventIdDate"],
    ["OriginalCreateDateTime", "OriginalCreateDateTime", low(date)],
    ["OriginalFilename", "OriginalFileName"],
    ["ParentMEID", "ParentMEID"],
    ["ParentMediaEventID", "ParentMediaEventID"],
    ["Personality", "Personality", list()],
    ["PrimaryFTP", "PrimaryFTP", list()],
    ["RoutingDestinations", "RoutingDestinations", list()],
    ["RoutingExclusions", "RoutingExclusions", list()],
    ["SecondaryFTP", "SecondaryFTP", list()],
    ["TimeShot", "TimeShot"],
  ],
};

export const ics: XmpNamespace = {
  prefix: "ics",
  rows: [
    ["AppVersion", "AppVersion", low()],
    ["ImageRef", "ImageRef"],
    ["SubVersions", "SubVersions", list(structure(() => SubVersion))],
    ["TagStructure", "TagStructure", list(structure(() => TagStructure))],
    ["TimeStamp", "TimeStamp", low(date)],
  ],
};

export const mediapro: XmpNamespace = {
  prefix: "mediapro",
  rows: [
    ["CatalogSets", "CatalogSets", list()],
    ["Event", "Event", low()],
    ["Location", "Location", low()],
    ["People", "People", list()],
    ["Status", "Status"],
    ["UserFields", "UserFields", list()],
  ],
};

export const photomech: XmpNamespace = {
  prefix: "photomech",
  rows: [
    [
      "ColorClass",
      "ColorClass",
      {
        ...integer,
        print: {
          0: "0 (None)",
          1: "1 (Winner)",
          2: "2 (Winner alt)",
          3: "3 (Superior)",
          4: "4 (Superior alt)",
          5: "5 (Typical)",
          6: "6 (Typical alt)",
          7: "7 (Extras)",
          8: "8 (Trash)",
        },
      },
    ],
    ["CountryCode", "CountryCode", low()],
    ["CreatorIdentity", "CreatorIdentity", list()],
    ["EditStatus", "EditStatus"],
    ["PMVersion", "PMVersion"],
    ["Prefs", "Prefs", photoMechanicPrefs],
    ["Tagged", "Tagged", { ...boolean, print: { False: "No", True: "Yes" } }],
    ["TimeCreated", "TimeCreated", low(exifTime)],
  ],
};

export const seal: XmpNamespace = {
  prefix: "seal",
  rows: [["seal", "Seal", binary]],
};

const ACDSeeRegionInfo: XmpStructure = {
  fields: [
    ["AppliedToDimensions", "AppliedToDimensions", structure(() => ACDSeeDimensions)],
    ["RegionList", "RegionList", list(structure(() => ACDSeeRegion))],
  ],
};

const SubVersion: XmpStructure = {
  fields: [
    ["FileName", "FileName"],
    ["VersRef", "VersRef"],
  ],
};

const TagStructure: XmpStructure = {
  fields: [
    ["LabelName", "LabelName"],
    ["ParentReference", "ParentReference"],
    ["Reference", "Reference"],
    ["SubLabels", "SubLabels", list(structure(() => TagStructure))],
  ],
};

const ACDSeeDimensions: XmpStructure = {
  fields: [
    ["h", "H", real],
    ["unit", "Unit"],
    ["w", "W", real],
  ],
};

const ACDSeeRegion: XmpStructure = {
  fields: [
    ["ALGArea", "ALGArea", structure(() => ACDSeeArea)],
    ["DLYArea", "DLYArea", structure(() => ACDSeeArea)],
    ["Name", "Name"],
    ["NameAssignType", "NameAssignType"],
    ["Type", "Type"],
  ],
};

const ACDSeeArea: XmpStructure = {
  fields: [
    ["h", "H", real],
    ["w", "W", real],
    ["x", "X", real],
    ["y", "Y", real],
  ],
};
