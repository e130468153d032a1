/**
 * PLUS License Data Format.
 * Names and values: ExifTool 13.59 PLUS.pm.
 */
import { mediaSummary, plusChoice } from "./conversions.ts";
import { mediaMatrix } from "./plus-media-matrix.ts";
import { date, langAlt, list, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

export const plus: XmpNamespace = {
  prefix: "plus",
  rows: [
    [
      "AdultContentWarning",
      "AdultContentWarning",
      plusChoice({ "CW-AWR": "Adult Content Warning Required", "CW-NRQ": "Not Required", "CW-UNK": "Unknown" }),
    ],
    ["CopyrightOwner", "CopyrightOwner", list(structure(() => CopyrightOwner))],
    ["CopyrightOwnerImageID", "CopyrightOwnerImageID"],
    ["CopyrightRegistrationNumber", "CopyrightRegistrationNumber"],
    ["CopyrightStatus", "CopyrightStatus", plusChoice({ "CS-PRO": "Protected", "CS-PUB": "Public Domain", "CS-UNK": "Unknown" })],
    [
      "CreditLineRequired",
      "CreditLineRequired",
      plusChoice({
        "CR-CAI": "Credit Adjacent To Image",
        "CR-CCA": "Credit in Credits Area",
        "CR-COI": "Credit on Image",
        "CR-NRQ": "Not Required",
      }),
    ],
    ["Custom1", "Custom1", list(langAlt)],
    ["Custom10", "Custom10", list(langAlt)],
    ["Custom2", "Custom2", list(langAlt)],
    ["Custom3", "Custom3", list(langAlt)],
    ["Custom4", "Custom4", list(langAlt)],
    ["Custom5", "Custom5", list(langAlt)],
    ["Custom6", "Custom6", list(langAlt)],
    ["Custom7", "Custom7", list(langAlt)],
    ["Custom8", "Custom8", list(langAlt)],
    ["Custom9", "Custom9", list(langAlt)],
    [
      "DataMining",
      "DataMining",
      plusChoice({
        "DMI-ALLOWED": "Allowed",
        "DMI-PROHIBITED": "Prohibited",
        "DMI-PROHIBITED-AIMLTRAINING": "Prohibited for AI/ML training",
        "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": "Prohibited except for search engine indexing",
        "DMI-PROHIBITED-GENAIMLTRAINING": "Prohibited for Generative AI/ML training",
        "DMI-PROHIBITED-SEECONSTRAINT": "Prohibited, see plus:OtherConstraints",
        "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": "Prohibited, see iptcExt:EmbdEncRightsExpr",
        "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": "Prohibited, see iptcExt:LinkedEncRightsExpr",
        "DMI-UNSPECIFIED": "Unspecified - no prohibition defined",
      }),
    ],
    ["EndUser", "EndUser", list(structure(() => EndUser))],
    ["FileNameAsDelivered", "FileNameAsDelivered"],
    ["FirstPublicationDate", "FirstPublicationDate", date],
    [
      "ImageAlterationConstraints",
      "ImageAlterationConstraints",
      list(
        plusChoice({
          "AL-CLR": "No Colorization",
          "AL-CRP": "No Cropping",
          "AL-DCL": "No De-Colorization",
          "AL-FLP": "No Flipping",
          "AL-MRG": "No Merging",
          "AL-RET": "No Retouching",
        }),
      ),
    ],
    ["ImageCreator", "ImageCreator", list(structure(() => ImageCreator))],
    ["ImageCreatorImageID", "ImageCreatorImageID"],
    [
      "ImageDuplicationConstraints",
      "ImageDuplicationConstraints",
      plusChoice({
        "DP-LIC": "Duplication Only as Necessary Under License",
        "DP-NDC": "No Duplication Constraints",
        "DP-NOD": "No Duplication",
      }),
    ],
    [
      "ImageFileConstraints",
      "ImageFileConstraints",
      list(
        plusChoice({
          "IF-MFN": "Maintain File Name",
          "IF-MFT": "Maintain File Type",
          "IF-MID": "Maintain ID in File Name",
          "IF-MMD": "Maintain Metadata",
        }),
      ),
    ],
    [
      "ImageFileFormatAsDelivered",
      "ImageFileFormatAsDelivered",
      plusChoice({
        "FF-BMP": "Windows Bitmap (BMP)",
        "FF-DNG": "Digital Negative (DNG)",
        "FF-EPS": "Encapsulated PostScript (EPS)",
        "FF-GIF": "Graphics Interchange Format (GIF)",
        "FF-JPG": "JPEG Interchange Formats (JPG, JIF, JFIF)",
        "FF-OTR": "Other",
        "FF-PIC": "Macintosh Picture (PICT)",
        "FF-PNG": "Portable Network Graphics (PNG)",
        "FF-PSD": "Photoshop Document (PSD)",
        "FF-RAW": "Proprietary RAW Image Format",
        "FF-TIF": "Tagged Image File Format (TIFF)",
        "FF-WMP": "Windows Media Photo (HD Photo)",
      }),
    ],
    [
      "ImageFileSizeAsDelivered",
      "ImageFileSizeAsDelivered",
      plusChoice({
        "SZ-G50": "Greater than 50 MB",
        "SZ-U01": "Up to 1 MB",
        "SZ-U10": "Up to 10 MB",
        "SZ-U30": "Up to 30 MB",
        "SZ-U50": "Up to 50 MB",
      }),
    ],
    ["ImageSupplier", "ImageSupplier", list(structure(() => ImageSupplier))],
    ["ImageSupplierImageID", "ImageSupplierImageID"],
    [
      "ImageType",
      "ImageType",
      plusChoice({
        "TY-ILL": "Illustrated Image",
        "TY-MCI": "Multimedia or Composited Image",
        "TY-OTR": "Other",
        "TY-PHO": "Photographic Image",
        "TY-VID": "Video",
      }),
    ],
    ["LicenseEndDate", "LicenseEndDate", date],
    ["LicenseID", "LicenseID"],
    ["LicenseStartDate", "LicenseStartDate", date],
    ["LicenseTransactionDate", "LicenseTransactionDate", date],
    ["Licensee", "Licensee", list(structure(() => Licensee))],
    ["LicenseeImageID", "LicenseeImageID"],
    ["LicenseeImageNotes", "LicenseeImageNotes", langAlt],
    ["LicenseeProjectReference", "LicenseeProjectReference", list()],
    ["LicenseeTransactionID", "LicenseeTransactionID", list()],
    ["Licensor", "Licensor", list(structure(() => Licensor))],
    ["LicensorImageID", "LicensorImageID"],
    ["LicensorNotes", "LicensorNotes", langAlt],
    ["LicensorTransactionID", "LicensorTransactionID", list()],
    ["MediaConstraints", "MediaConstraints", langAlt],
    ["MediaSummaryCode", "MediaSummaryCode", mediaSummary(mediaMatrix)],
    [
      "MinorModelAgeDisclosure",
      "MinorModelAgeDisclosure",
      plusChoice({
        "AG-A15": "Age 15",
        "AG-A16": "Age 16",
        "AG-A17": "Age 17",
        "AG-A18": "Age 18",
        "AG-A19": "Age 19",
        "AG-A20": "Age 20",
        "AG-A21": "Age 21",
        "AG-A22": "Age 22",
        "AG-A23": "Age 23",
        "AG-A24": "Age 24",
        "AG-A25": "Age 25 or Over",
        "AG-U14": "Age 14 or Under",
        "AG-UNK": "Age Unknown",
      }),
    ],
    ["ModelReleaseID", "ModelReleaseID", list()],
    [
      "ModelReleaseStatus",
      "ModelReleaseStatus",
      plusChoice({
        "MR-LMR": "Limited or Incomplete Model Releases",
        "MR-NAP": "Not Applicable",
        "MR-NON": "None",
        "MR-UMR": "Unlimited Model Releases",
      }),
    ],
    ["OtherConditions", "OtherConditions", langAlt],
    ["OtherConstraints", "OtherConstraints", langAlt],
    ["OtherImageInfo", "OtherImageInfo", langAlt],
    ["OtherLicenseDocuments", "OtherLicenseDocuments", list()],
    ["OtherLicenseInfo", "OtherLicenseInfo", langAlt],
    ["OtherLicenseRequirements", "OtherLicenseRequirements", langAlt],
    ["ProductOrServiceConstraints", "ProductOrServiceConstraints", langAlt],
    ["PropertyReleaseID", "PropertyReleaseID", list()],
    [
      "PropertyReleaseStatus",
      "PropertyReleaseStatus",
      plusChoice({
        "PR-LPR": "Limited or Incomplete Property Releases",
        "PR-NAP": "Not Applicable",
        "PR-NON": "None",
        "PR-UPR": "Unlimited Property Releases",
      }),
    ],
    ["RegionConstraints", "RegionConstraints", langAlt],
    ["Reuse", "Reuse", plusChoice({ "RE-NAP": "Not Applicable", "RE-REU": "Repeat Use" })],
    ["TermsAndConditionsText", "TermsAndConditionsText", langAlt],
    ["TermsAndConditionsURL", "TermsAndConditionsURL"],
    ["Version", "PLUSVersion"],
  ],
};

const CopyrightOwner: XmpStructure = {
  fields: [
    ["CopyrightOwnerID", "CopyrightOwnerID"],
    ["CopyrightOwnerName", "CopyrightOwnerName"],
  ],
};

const EndUser: XmpStructure = {
  fields: [
    ["EndUserID", "EndUserID"],
    ["EndUserName", "EndUserName"],
  ],
};

const ImageCreator: XmpStructure = {
  fields: [
    ["ImageCreatorID", "ImageCreatorID"],
    ["ImageCreatorName", "ImageCreatorName"],
  ],
};

const ImageSupplier: XmpStructure = {
  fields: [
    ["ImageSupplierID", "ImageSupplierID"],
    ["ImageSupplierName", "ImageSupplierName"],
  ],
};

const Licensee: XmpStructure = {
  fields: [
    ["LicenseeID", "LicenseeID"],
    ["LicenseeName", "LicenseeName"],
  ],
};

const Licensor: XmpStructure = {
  fields: [
    ["LicensorCity", "LicensorCity"],
    ["LicensorCountry", "LicensorCountry"],
    ["LicensorEmail", "LicensorEmail"],
    ["LicensorExtendedAddress", "LicensorExtendedAddress"],
    ["LicensorID", "LicensorID"],
    ["LicensorName", "LicensorName"],
    ["LicensorPostalCode", "LicensorPostalCode"],
    ["LicensorRegion", "LicensorRegion"],
    ["LicensorStreetAddress", "LicensorStreetAddress"],
    ["LicensorTelephone1", "LicensorTelephone1"],
    ["LicensorTelephone2", "LicensorTelephone2"],
    [
      "LicensorTelephoneType1",
      "LicensorTelephoneType1",
      plusChoice({ cell: "Cell", fax: "FAX", home: "Home", pager: "Pager", work: "Work" }),
    ],
    [
      "LicensorTelephoneType2",
      "LicensorTelephoneType2",
      plusChoice({ cell: "Cell", fax: "FAX", home: "Home", pager: "Pager", work: "Work" }),
    ],
    ["LicensorURL", "LicensorURL"],
  ],
};
