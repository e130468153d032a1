/**
 * IPTC Photo Metadata Standard 2025.1: Core and Extension.
 * Names and values: ExifTool 13.59 XMP.pm, XMP2.pl.
 */

import { Timecode } from "./adobe.ts";
import { latitude, longitude, metres } from "./conversions.ts";
import { boolean, date, integer, langAlt, list, low, rational, real, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

export const iptcCore: XmpNamespace = {
  prefix: "iptcCore",
  rows: [
    ["AltTextAccessibility", "AltTextAccessibility", langAlt],
    ["CountryCode", "CountryCode"],
    ["CreatorContactInfo", "CreatorContactInfo", structure(() => ContactInfo)],
    ["ExtDescrAccessibility", "ExtDescrAccessibility", langAlt],
    ["IntellectualGenre", "IntellectualGenre"],
    ["Location", "Location"],
    ["Scene", "Scene", list()],
    ["SubjectCode", "SubjectCode", list()],
  ],
};

export const iptcExt: XmpNamespace = {
  prefix: "iptcExt",
  rows: [
    ["AIPromptInformation", "AIPromptInformation"],
    ["AIPromptWriterName", "AIPromptWriterName"],
    ["AISystemUsed", "AISystemUsed"],
    ["AISystemVersionUsed", "AISystemVersionUsed"],
    ["AboutCvTerm", "AboutCvTerm", list(structure(() => CVTermDetails))],
    ["AddlModelInfo", "AdditionalModelInformation"],
    ["ArtworkOrObject", "ArtworkOrObject", list(structure(() => ArtworkOrObjectDetails))],
    ["CVterm", "ControlledVocabularyTerm", list()],
    ["CircaDateCreated", "CircaDateCreated"],
    ["ContainerFormat", "ContainerFormat", structure(() => Entity)],
    ["Contributor", "Contributor", list(structure(() => EntityWithRole))],
    ["CopyrightYear", "CopyrightYear", integer],
    ["Creator", "Creator", list(structure(() => EntityWithRole))],
    ["DataOnScreen", "DataOnScreen", list(structure(() => TextRegion))],
    ["DigImageGUID", "DigitalImageGUID"],
    ["DigitalSourceType", "DigitalSourceType"],
    ["DigitalSourcefileType", "DigitalSourceFileType"],
    ["Dopesheet", "Dopesheet", langAlt],
    ["DopesheetLink", "DopesheetLink", list(structure(() => QualifiedLink))],
    ["EmbdEncRightsExpr", "EmbdEncRightsExpr", list(structure(() => EEREDetails))],
    ["Episode", "Episode", structure(() => EpisodeOrSeason)],
    ["Event", "Event", langAlt],
    ["EventExt", "ShownEvent", list(structure(() => Entity))],
    ["EventId", "EventID", list()],
    ["ExternalMetadataLink", "ExternalMetadataLink", list()],
    ["FeedIdentifier", "FeedIdentifier"],
    ["Genre", "Genre", list(structure(() => CVTermDetails))],
    ["Headline", "Headline", low(langAlt)],
    ["ImageRegion", "ImageRegion", list(structure(() => ImageRegion))],
    ["IptcLastEdited", "IPTCLastEdited", date],
    ["LinkedEncRightsExpr", "LinkedEncRightsExpr", list(structure(() => LEREDetails))],
    ["LocationCreated", "LocationCreated", list(structure(() => LocationDetails))],
    ["LocationShown", "LocationShown", list(structure(() => LocationDetails))],
    ["MaxAvailHeight", "MaxAvailHeight", integer],
    ["MaxAvailWidth", "MaxAvailWidth", integer],
    ["ModelAge", "ModelAge", list(integer)],
    ["OrganisationInImageCode", "OrganisationInImageCode", list()],
    ["OrganisationInImageName", "OrganisationInImageName", list()],
    ["PersonHeard", "PersonHeard", list(structure(() => Entity))],
    ["PersonInImage", "PersonInImage", list()],
    ["PersonInImageWDetails", "PersonInImageWDetails", list(structure(() => PersonDetails))],
    ["PlanningRef", "PlanningRef", list(structure(() => EntityWithRole))],
    ["ProductInImage", "ProductInImage", list(structure(() => ProductDetails))],
    ["PublicationEvent", "PublicationEvent", list(structure(() => PublicationEvent))],
    ["Rating", "Rating", list(structure(() => Rating))],
    ["RecDevice", "RecDevice", structure(() => Device)],
    ["RegistryId", "RegistryID", list(structure(() => RegistryEntryDetails))],
    ["ReleaseReady", "ReleaseReady", boolean],
    ["Season", "Season", structure(() => EpisodeOrSeason)],
    ["Series", "Series", structure(() => Series)],
    ["SnapshotLink", "Snapshot", list(structure(() => LinkedImage))],
    ["StorylineIdentifier", "StorylineIdentifier", list()],
    ["StreamReady", "StreamReady", { print: { false: "False", true: "True", unknown: "Unknown" } }],
    ["StylePeriod", "StylePeriod"],
    ["SupplyChainSource", "SupplyChainSource", list(structure(() => Entity))],
    ["TemporalCoverage", "TemporalCoverage", structure(() => TemporalCoverage)],
    ["Transcript", "Transcript", langAlt],
    ["TranscriptLink", "TranscriptLink", list(structure(() => QualifiedLink))],
    ["VideoShotType", "VideoShotType", list(structure(() => Entity))],
    ["VisualColour", "VisualColor", { print: { "bw-monochrome": "Monochrome", colour: "Color" } }],
    ["WorkflowTag", "WorkflowTag", structure(() => CVTermDetails)],
    ["audioBitRate", "AudioBitrate", integer],
    ["audioBitRateMode", "AudioBitrateMode", { print: { fixed: "Fixed", variable: "Variable" } }],
    ["audioBitsPerSample", "AudioBitsPerSample", integer],
    ["audioChannelCount", "AudioChannelCount", integer],
    ["metadataAuthority", "MetadataAuthority", structure(() => Entity)],
    ["metadataLastEdited", "MetadataLastEdited", date],
    ["metadataLastEditor", "MetadataLastEditor", structure(() => Entity)],
    ["parentId", "ParentID"],
    ["videoBitRate", "VideoBitrate", integer],
    ["videoBitRateMode", "VideoBitrateMode", { print: { fixed: "Fixed", variable: "Variable" } }],
    ["videoDisplayAspectRatio", "VideoDisplayAspectRatio", rational],
    ["videoEncodingProfile", "VideoEncodingProfile"],
    ["videoStreamsCount", "VideoStreamsCount", integer],
  ],
};

const ContactInfo: XmpStructure = {
  fields: [
    ["CiAdrCity", "CiAdrCity"],
    ["CiAdrCtry", "CiAdrCtry"],
    ["CiAdrExtadr", "CiAdrExtadr"],
    ["CiAdrPcode", "CiAdrPcode"],
    ["CiAdrRegion", "CiAdrRegion"],
    ["CiEmailWork", "CiEmailWork"],
    ["CiTelWork", "CiTelWork"],
    ["CiUrlWork", "CiUrlWork"],
  ],
};

const CVTermDetails: XmpStructure = {
  fields: [
    ["CvId", "CvId"],
    ["CvTermId", "CvTermId"],
    ["CvTermName", "CvTermName", langAlt],
    ["CvTermRefinedAbout", "CvTermRefinedAbout"],
  ],
};

const ArtworkOrObjectDetails: XmpStructure = {
  fields: [
    ["AOCircaDateCreated", "AOCircaDateCreated"],
    ["AOContentDescription", "AOContentDescription", langAlt],
    ["AOContributionDescription", "AOContributionDescription", langAlt],
    ["AOCopyrightNotice", "AOCopyrightNotice"],
    ["AOCreator", "AOCreator", list()],
    ["AOCreatorId", "AOCreatorId", list()],
    ["AOCurrentCopyrightOwnerId", "AOCurrentCopyrightOwnerId"],
    ["AOCurrentCopyrightOwnerName", "AOCurrentCopyrightOwnerName"],
    ["AOCurrentLicensorId", "AOCurrentLicensorId"],
    ["AOCurrentLicensorName", "AOCurrentLicensorName"],
    ["AODateCreated", "AODateCreated", date],
    ["AOPhysicalDescription", "AOPhysicalDescription", langAlt],
    ["AOSource", "AOSource"],
    ["AOSourceInvNo", "AOSourceInvNo"],
    ["AOSourceInvURL", "AOSourceInvURL"],
    ["AOStylePeriod", "AOStylePeriod", list()],
    ["AOTitle", "AOTitle", langAlt],
  ],
};

const Entity: XmpStructure = {
  fields: [
    ["Identifier", "Identifier", list()],
    ["Name", "Name", langAlt],
  ],
};

const EntityWithRole: XmpStructure = {
  fields: [
    ["Identifier", "Identifier", list()],
    ["Name", "Name", langAlt],
    ["Role", "Role", list()],
  ],
};

const TextRegion: XmpStructure = {
  fields: [
    ["Region", "Region", structure(() => Area)],
    ["RegionText", "RegionText"],
  ],
};

const QualifiedLink: XmpStructure = {
  fields: [
    ["Link", "Link"],
    ["LinkQualifier", "LinkQualifier"],
  ],
};

const EEREDetails: XmpStructure = {
  fields: [
    ["EncRightsExpr", "EncRightsExpr"],
    ["RightsExprEncType", "RightsExprEncType"],
    ["RightsExprLangId", "RightsExprLangId"],
  ],
};

const EpisodeOrSeason: XmpStructure = {
  fields: [
    ["Identifier", "Identifier"],
    ["Name", "Name"],
    ["Number", "Number"],
  ],
};

const ImageRegion: XmpStructure = {
  fields: [
    ["Name", "Name", langAlt],
    ["RegionBoundary", "RegionBoundary", structure(() => RegionBoundary)],
    ["rCtype", "RCtype", list(structure(() => Entity))],
    ["rId", "RId"],
    ["rRole", "RRole", list(structure(() => Entity))],
  ],
  open: true,
};

const LEREDetails: XmpStructure = {
  fields: [
    ["LinkedRightsExpr", "LinkedRightsExpr"],
    ["RightsExprEncType", "RightsExprEncType"],
    ["RightsExprLangId", "RightsExprLangId"],
  ],
};

const LocationDetails: XmpStructure = {
  fields: [
    ["City", "City"],
    ["CountryCode", "CountryCode"],
    ["CountryName", "CountryName"],
    ["GPSAltitude", "GPSAltitude", metres],
    ["GPSAltitudeRef", "GPSAltitudeRef", { ...integer, print: { 0: "Above Sea Level", 1: "Below Sea Level" } }],
    ["GPSLatitude", "GPSLatitude", latitude],
    ["GPSLongitude", "GPSLongitude", longitude],
    ["Identifier", "Identifier", list()],
    ["LocationId", "LocationId", list()],
    ["LocationName", "LocationName", langAlt],
    ["ProvinceState", "ProvinceState"],
    ["Sublocation", "Sublocation"],
    ["WorldRegion", "WorldRegion"],
  ],
};

const PersonDetails: XmpStructure = {
  fields: [
    ["PersonCharacteristic", "PersonCharacteristic", list(structure(() => CVTermDetails))],
    ["PersonDescription", "PersonDescription", langAlt],
    ["PersonId", "PersonId", list()],
    ["PersonName", "PersonName", langAlt],
  ],
};

const ProductDetails: XmpStructure = {
  fields: [
    ["ProductDescription", "ProductDescription", langAlt],
    ["ProductGTIN", "ProductGTIN"],
    ["ProductId", "ProductId"],
    ["ProductName", "ProductName", langAlt],
  ],
};

const PublicationEvent: XmpStructure = {
  fields: [
    ["Date", "Date", date],
    ["Identifier", "Identifier"],
    ["Name", "Name"],
  ],
};

const Rating: XmpStructure = {
  fields: [
    ["RatingRegion", "RatingRegion", list(structure(() => LocationDetails))],
    ["RatingScaleMaxValue", "RatingScaleMaxValue"],
    ["RatingScaleMinValue", "RatingScaleMinValue"],
    ["RatingSourceLink", "RatingSourceLink"],
    ["RatingValue", "RatingValue"],
    ["RatingValueLogoLink", "RatingValueLogoLink"],
  ],
};

const Device: XmpStructure = {
  fields: [
    ["AttLensDescription", "AttLensDescription"],
    ["Manufacturer", "Manufacturer"],
    ["ModelName", "ModelName"],
    ["OwnersDeviceId", "OwnersDeviceId"],
    ["SerialNumber", "SerialNumber"],
  ],
};

const RegistryEntryDetails: XmpStructure = {
  fields: [
    ["RegEntryRole", "RegEntryRole"],
    ["RegItemId", "RegItemId"],
    ["RegOrgId", "RegOrgId"],
  ],
};

const Series: XmpStructure = {
  fields: [
    ["Identifier", "Identifier"],
    ["Name", "Name"],
  ],
};

const LinkedImage: XmpStructure = {
  fields: [
    ["HeightPixels", "HeightPixels", integer],
    ["ImageRole", "ImageRole"],
    ["Link", "Link"],
    ["LinkQualifier", "LinkQualifier", list()],
    ["UsedVideoFrame", "UsedVideoFrame", structure(() => Timecode)],
    ["WidthPixels", "WidthPixels", integer],
    ["format", "Format"],
  ],
};

const TemporalCoverage: XmpStructure = {
  fields: [
    ["tempCoverageFrom", "TempCoverageFrom", date],
    ["tempCoverageTo", "TempCoverageTo", date],
  ],
};

export const Area: XmpStructure = {
  fields: [
    ["d", "D", real],
    ["h", "H", real],
    ["unit", "Unit"],
    ["w", "W", real],
    ["x", "X", real],
    ["y", "Y", real],
  ],
};

const RegionBoundary: XmpStructure = {
  fields: [
    ["rbH", "RbH", real],
    ["rbRx", "RbRx", real],
    ["rbShape", "RbShape", { print: { circle: "Circle", polygon: "Polygon", rectangle: "Rectangle" } }],
    ["rbUnit", "RbUnit", { print: { pixel: "Pixel", relative: "Relative" } }],
    ["rbVertices", "RbVertices", list(structure(() => BoundaryPoint))],
    ["rbW", "RbW", real],
    ["rbX", "RbX", real],
    ["rbY", "RbY", real],
  ],
};

const BoundaryPoint: XmpStructure = {
  fields: [
    ["rbX", "RbX", real],
    ["rbY", "RbY", real],
  ],
};
