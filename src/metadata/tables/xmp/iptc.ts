/**
 * IPTC Photo Metadata Standard 2025.1: Core and Extension.
 * Names and values: ExifTool 13.59 XMP.pm, XMP2.pl.
 */

import { Timecode } from "./adobe.ts";
import { latitude, longitude, metres } from "./conversions.ts";
import {
  boolean,
  choice,
  date,
  integer,
  langAlt,
  list,
  low,
  rational,
  real,
  structure,
  type XmpNamespace,
  type XmpStructure,
} from "./fields.ts";

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
    ["StreamReady", "StreamReady", choice({ false: "False", true: "True", unknown: "Unknown" })],
    ["StylePeriod", "StylePeriod"],
    ["SupplyChainSource", "SupplyChainSource", list(structure(() => Entity))],
    ["TemporalCoverage", "TemporalCoverage", structure(() => TemporalCoverage)],
    ["Transcript", "Transcript", langAlt],
    ["TranscriptLink", "TranscriptLink", list(structure(() => QualifiedLink))],
    ["VideoShotType", "VideoShotType", list(structure(() => Entity))],
    ["VisualColour", "VisualColor", choice({ "bw-monochrome": "Monochrome", colour: "Color" })],
    ["WorkflowTag", "WorkflowTag", structure(() => CVTermDetails)],
    ["audioBitRate", "AudioBitrate", integer],
    ["audioBitRateMode", "AudioBitrateMode", choice({ fixed: "Fixed", variable: "Variable" })],
    ["audioBitsPerSample", "AudioBitsPerSample", integer],
    ["audioChannelCount", "AudioChannelCount", integer],
    ["metadataAuthority", "MetadataAuthority", structure(() => Entity)],
    ["metadataLastEdited", "MetadataLastEdited", date],
    ["metadataLastEditor", "MetadataLastEditor", structure(() => Entity)],
    ["parentId", "ParentID"],
    ["videoBitRate", "VideoBitrate", integer],
    ["videoBitRateMode", "VideoBitrateMode", choice({ fixed: "Fixed", variable: "Variable" })],
    ["videoDisplayAspectRatio", "VideoDisplayAspectRatio", rational],
    ["videoEncodingProfile", "VideoEncodingProfile"],
    ["videoStreamsCount", "VideoStreamsCount", integer],
  ],
};

const ContactInfo: XmpStructure = {
  fields: [["CiAdrCity"], ["CiAdrCtry"], ["CiAdrExtadr"], ["CiAdrPcode"], ["CiAdrRegion"], ["CiEmailWork"], ["CiTelWork"], ["CiUrlWork"]],
};

const CVTermDetails: XmpStructure = {
  fields: [["CvId"], ["CvTermId"], ["CvTermName", langAlt], ["CvTermRefinedAbout"]],
};

const ArtworkOrObjectDetails: XmpStructure = {
  fields: [
    ["AOCircaDateCreated"],
    ["AOContentDescription", langAlt],
    ["AOContributionDescription", langAlt],
    ["AOCopyrightNotice"],
    ["AOCreator", list()],
    ["AOCreatorId", list()],
    ["AOCurrentCopyrightOwnerId"],
    ["AOCurrentCopyrightOwnerName"],
    ["AOCurrentLicensorId"],
    ["AOCurrentLicensorName"],
    ["AODateCreated", date],
    ["AOPhysicalDescription", langAlt],
    ["AOSource"],
    ["AOSourceInvNo"],
    ["AOSourceInvURL"],
    ["AOStylePeriod", list()],
    ["AOTitle", langAlt],
  ],
};

const Entity: XmpStructure = {
  fields: [
    ["Identifier", list()],
    ["Name", langAlt],
  ],
};

const EntityWithRole: XmpStructure = {
  fields: [
    ["Identifier", list()],
    ["Name", langAlt],
    ["Role", list()],
  ],
};

const TextRegion: XmpStructure = {
  fields: [["Region", structure(() => Area)], ["RegionText"]],
};

const QualifiedLink: XmpStructure = {
  fields: [["Link"], ["LinkQualifier"]],
};

const EEREDetails: XmpStructure = {
  fields: [["EncRightsExpr"], ["RightsExprEncType"], ["RightsExprLangId"]],
};

const EpisodeOrSeason: XmpStructure = {
  fields: [["Identifier"], ["Name"], ["Number"]],
};

const ImageRegion: XmpStructure = {
  fields: [
    ["Name", langAlt],
    ["RegionBoundary", structure(() => RegionBoundary)],
    ["rCtype", list(structure(() => Entity))],
    ["rId"],
    ["rRole", list(structure(() => Entity))],
  ],
  open: true,
};

const LEREDetails: XmpStructure = {
  fields: [["LinkedRightsExpr"], ["RightsExprEncType"], ["RightsExprLangId"]],
};

const LocationDetails: XmpStructure = {
  fields: [
    ["City"],
    ["CountryCode"],
    ["CountryName"],
    ["GPSAltitude", metres],
    ["GPSAltitudeRef", choice({ 0: "Above Sea Level", 1: "Below Sea Level" }, integer)],
    ["GPSLatitude", latitude],
    ["GPSLongitude", longitude],
    ["Identifier", list()],
    ["LocationId", list()],
    ["LocationName", langAlt],
    ["ProvinceState"],
    ["Sublocation"],
    ["WorldRegion"],
  ],
};

const PersonDetails: XmpStructure = {
  fields: [
    ["PersonCharacteristic", list(structure(() => CVTermDetails))],
    ["PersonDescription", langAlt],
    ["PersonId", list()],
    ["PersonName", langAlt],
  ],
};

const ProductDetails: XmpStructure = {
  fields: [["ProductDescription", langAlt], ["ProductGTIN"], ["ProductId"], ["ProductName", langAlt]],
};

const PublicationEvent: XmpStructure = {
  fields: [["Date", date], ["Identifier"], ["Name"]],
};

const Rating: XmpStructure = {
  fields: [
    ["RatingRegion", list(structure(() => LocationDetails))],
    ["RatingScaleMaxValue"],
    ["RatingScaleMinValue"],
    ["RatingSourceLink"],
    ["RatingValue"],
    ["RatingValueLogoLink"],
  ],
};

const Device: XmpStructure = {
  fields: [["AttLensDescription"], ["Manufacturer"], ["ModelName"], ["OwnersDeviceId"], ["SerialNumber"]],
};

const RegistryEntryDetails: XmpStructure = {
  fields: [["RegEntryRole"], ["RegItemId"], ["RegOrgId"]],
};

const Series: XmpStructure = {
  fields: [["Identifier"], ["Name"]],
};

const LinkedImage: XmpStructure = {
  fields: [
    ["HeightPixels", integer],
    ["ImageRole"],
    ["Link"],
    ["LinkQualifier", list()],
    ["UsedVideoFrame", structure(() => Timecode)],
    ["WidthPixels", integer],
    ["format"],
  ],
};

const TemporalCoverage: XmpStructure = {
  fields: [
    ["tempCoverageFrom", date],
    ["tempCoverageTo", date],
  ],
};

export const Area: XmpStructure = {
  fields: [["d", real], ["h", real], ["unit"], ["w", real], ["x", real], ["y", real]],
};

const RegionBoundary: XmpStructure = {
  fields: [
    ["rbH", real],
    ["rbRx", real],
    ["rbShape", choice({ circle: "Circle", polygon: "Polygon", rectangle: "Rectangle" })],
    ["rbUnit", choice({ pixel: "Pixel", relative: "Relative" })],
    ["rbVertices", list(structure(() => BoundaryPoint))],
    ["rbW", real],
    ["rbX", real],
    ["rbY", real],
  ],
};

const BoundaryPoint: XmpStructure = {
  fields: [
    ["rbX", real],
    ["rbY", real],
  ],
};
