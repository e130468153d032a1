/**
 * PRISM: basic, rights language, usage rights, and metadata for images and recipes.
 * Names and values: ExifTool 13.59 XMP2.pl.
 */
import { boolean, date, integer, langAlt, list, low, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

export const prism: XmpNamespace = {
  prefix: "prism",
  rows: [
    ["academicField", "AcademicField", low()],
    ["aggregateIssueNumber", "AggregateIssueNumber", low(integer)],
    ["aggregationType", "AggregationType", low(list())],
    ["alternateTitle", "AlternateTitle", low(list(structure(() => PrismAlternateTitle)))],
    ["blogTitle", "BlogTitle", low()],
    ["blogURL", "BlogURL", low()],
    ["bookEdition", "BookEdition", low()],
    ["byteCount", "ByteCount", low(integer)],
    ["channel", "Channel", low(list(structure(() => PrismChannel)))],
    ["complianceProfile", "ComplianceProfile", low({ print: { three: "Three" } })],
    ["contentType", "ContentType", low()],
    ["copyrightYear", "CopyrightYear", low()],
    ["corporateEntity", "CorporateEntity", low(list())],
    ["coverDate", "CoverDate", low(date)],
    ["coverDisplayDate", "CoverDisplayDate", low()],
    ["creationDate", "CreationDate", low(date)],
    ["dateRecieved", "DateRecieved", low(date)],
    ["device", "Device", low()],
    ["distributor", "Distributor", low()],
    ["doi", "DOI", low()],
    ["eIssn", "EIssn", low()],
    ["edition", "Edition", low()],
    ["endingPage", "EndingPage", low()],
    ["event", "Event", low(list())],
    ["genre", "Genre", low(list())],
    ["hasAlternative", "HasAlternative", low(list())],
    ["hasCorrection", "HasCorrection", low(structure(() => PrismHasCorrection))],
    ["hasTranslation", "HasTranslation", low(list())],
    ["industry", "Industry", low(list())],
    ["isAlternativeOf", "IsAlternativeOf", low(list())],
    ["isCorrectionOf", "IsCorrectionOf", low(list())],
    ["isTranslationOf", "IsTranslationOf", low()],
    ["isbn", "ISBN", low(list())],
    ["issn", "ISSN", low()],
    ["issueIdentifier", "IssueIdentifier", low()],
    ["issueName", "IssueName", low()],
    ["issueTeaser", "IssueTeaser", low()],
    ["issueType", "IssueType", low()],
    ["keyword", "Keyword", low(list())],
    ["killDate", "KillDate", low(structure(() => PrismKillDate))],
    ["link", "Link", low(list())],
    ["location", "Location", low(list())],
    ["modificationDate", "ModificationDate", low(date)],
    ["nationalCatalogNumber", "NationalCatalogNumber", low()],
    ["number", "Number", low()],
    ["object", "Object", low(list())],
    ["offSaleDate", "OffSaleDate", low(list(structure(() => PrismOffSaleDate)))],
    ["onSaleDate", "OnSaleDate", low(list(structure(() => PrismOnSaleDate)))],
    ["onSaleDay", "OnSaleDay", low(list(structure(() => PrismOnSaleDay)))],
    ["organization", "Organization", low(list())],
    [
      "originPlatform",
      "OriginPlatform",
      low(
        list({
          print: {
            broadcast: "Broadcast",
            email: "E-Mail",
            mobile: "Mobile",
            other: "Other",
            print: "Print",
            recordableMedia: "Recordable Media",
            web: "Web",
          },
        }),
      ),
    ],
    ["pageCount", "PageCount", low(integer)],
    ["pageProgressionDirection", "PageProgressionDirection", low({ print: { LTR: "Left to Right", RTL: "Right to Left" } })],
    ["pageRange", "PageRange", low(list())],
    ["person", "Person", low()],
    ["platform", "Platform", low()],
    ["productCode", "ProductCode", low()],
    ["profession", "Profession", low()],
    ["publicationDate", "PublicationDate", low(list(structure(() => PrismPublicationDate)))],
    ["publicationDisplayDate", "PublicationDisplayDate", low(list(structure(() => PrismPublicationDate)))],
    ["publicationName", "PublicationName", low()],
    ["publishingFrequency", "PublishingFrequency", low()],
    ["rating", "Rating", low()],
    ["samplePageRange", "SamplePageRange", low()],
    ["section", "Section", low()],
    ["sellingAgency", "SellingAgency", low()],
    ["seriesNumber", "SeriesNumber", low(integer)],
    ["seriesTitle", "SeriesTitle", low()],
    ["sport", "Sport", low()],
    ["startingPage", "StartingPage", low()],
    ["subsection1", "Subsection1", low()],
    ["subsection2", "Subsection2", low()],
    ["subsection3", "Subsection3", low()],
    ["subsection4", "Subsection4", low()],
    ["subtitle", "Subtitle", low()],
    ["supplementDisplayID", "SupplementDisplayID", low()],
    ["supplementStartingPage", "SupplementStartingPage", low()],
    ["supplementTitle", "SupplementTitle", low()],
    ["teaser", "Teaser", low(list())],
    ["ticker", "Ticker", low(list())],
    ["timePeriod", "TimePeriod", low()],
    ["url", "URL", low(list(structure(() => PrismUrl)))],
    ["uspsNumber", "UspsNumber", low()],
    ["versionIdentifier", "VersionIdentifier", low()],
    ["volume", "Volume", low()],
    ["wordCount", "WordCount", low(integer)],
  ],
};

export const prl: XmpNamespace = {
  prefix: "prl",
  rows: [
    ["geography", "Geography", low(list())],
    ["industry", "Industry", low(list())],
    ["usage", "Usage", low(list())],
  ],
};

export const pur: XmpNamespace = {
  prefix: "pur",
  rows: [
    ["adultContentWarning", "AdultContentWarning", low(list())],
    ["agreement", "Agreement", low(list())],
    ["copyright", "Copyright", low(langAlt)],
    ["creditLine", "CreditLine", low(list())],
    ["embargoDate", "EmbargoDate", low(list(date))],
    ["exclusivityEndDate", "ExclusivityEndDate", low(list(date))],
    ["expirationDate", "ExpirationDate", low(list(date))],
    ["imageSizeRestriction", "ImageSizeRestriction", low()],
    ["optionEndDate", "OptionEndDate", low(list(date))],
    ["permissions", "Permissions", low(list())],
    ["restrictions", "Restrictions", low(list())],
    ["reuseProhibited", "ReuseProhibited", low(boolean)],
    ["rightsAgent", "RightsAgent", low()],
    ["rightsOwner", "RightsOwner", low()],
  ],
};

export const pmi: XmpNamespace = {
  prefix: "pmi",
  rows: [
    [
      "color",
      "Color",
      low({ print: { bw: "BW", color: "Color", duotone: "Duotone", quadtone: "Quadtone", sepia: "Sepia", tritone: "Tritone" } }),
    ],
    ["contactInfo", "ContactInfo", low()],
    ["displayName", "DisplayName", low()],
    ["distributorProductID", "DistributorProductID", low()],
    ["eventAlias", "EventAlias", low()],
    ["eventEnd", "EventEnd", low()],
    ["eventStart", "EventStart", low()],
    ["eventSubtype", "EventSubtype", low()],
    ["eventType", "EventType", low()],
    ["field", "Field", low()],
    ["framing", "Framing", low()],
    ["location", "Location", low()],
    ["make", "Make", low()],
    ["manufacturer", "Manufacturer", low()],
    ["model", "Model", low()],
    ["modelYear", "ModelYear", low()],
    ["objectDescription", "ObjectDescription", low()],
    ["objectSubtype", "ObjectSubtype", low()],
    ["objectType", "ObjectType", low()],
    ["orientation", "Orientation", low({ print: { horizontal: "Horizontal", vertical: "Vertical" } })],
    ["positionDescriptor", "PositionDescriptor", low()],
    ["productID", "ProductID", low()],
    ["productIDType", "ProductIDType", low()],
    ["season", "Season", low({ print: { fall: "Fall", spring: "Spring", summer: "Summer", winter: "Winter" } })],
    ["sequenceName", "SequenceName", low()],
    ["sequenceNumber", "SequenceNumber", low()],
    ["sequenceTotalNumber", "SequenceTotalNumber", low()],
    ["setting", "Setting", low()],
    ["shootID", "ShootID", low()],
    ["slideshowName", "SlideshowName", low()],
    ["slideshowNumber", "SlideshowNumber", low(integer)],
    ["slideshowTotalNumber", "SlideshowTotalNumber", low(integer)],
    ["viewpoint", "Viewpoint", low()],
    ["visualTechnique", "VisualTechnique", low()],
  ],
};

export const prm: XmpNamespace = {
  prefix: "prm",
  rows: [
    ["cookingEquipment", "CookingEquipment", low()],
    ["cookingMethod", "CookingMethod", low()],
    ["course", "Course", low()],
    ["cuisine", "Cuisine", low()],
    ["dietaryNeeds", "DietaryNeeds", low()],
    ["dishType", "DishType", low()],
    ["duration", "Duration", low()],
    ["ingredientExclusion", "IngredientExclusion", low()],
    ["mainIngredient", "MainIngredient", low()],
    ["meal", "Meal", low()],
    ["recipeEndingPage", "RecipeEndingPage", low()],
    ["recipePageRange", "RecipePageRange", low()],
    ["recipeSource", "RecipeSource", low()],
    ["recipeStartingPage", "RecipeStartingPage", low()],
    ["recipeTitle", "RecipeTitle", low()],
    ["servingSize", "ServingSize", low()],
    ["skillLevel", "SkillLevel", low()],
    ["specialOccasion", "SpecialOccasion", low()],
    ["yield", "Yield", low()],
  ],
};

const PrismAlternateTitle: XmpStructure = {
  fields: [
    ["a-lang", "A-lang"],
    ["a-platform", "A-platform"],
    ["text", "Text"],
  ],
};

const PrismChannel: XmpStructure = {
  fields: [
    ["a-lang", "A-lang"],
    ["channel", "Channel"],
    ["subchannel1", "Subchannel1"],
    ["subchannel2", "Subchannel2"],
    ["subchannel3", "Subchannel3"],
    ["subchannel4", "Subchannel4"],
  ],
};

const PrismHasCorrection: XmpStructure = {
  fields: [
    ["a-lang", "A-lang"],
    ["a-platform", "A-platform"],
    ["text", "Text"],
  ],
};

const PrismKillDate: XmpStructure = {
  fields: [
    ["a-platform", "A-platform"],
    ["date", "Date", date],
  ],
};

const PrismOffSaleDate: XmpStructure = {
  fields: [
    ["a-platform", "A-platform"],
    ["date", "Date", date],
  ],
};

const PrismOnSaleDate: XmpStructure = {
  fields: [
    ["a-platform", "A-platform"],
    ["date", "Date", date],
  ],
};

const PrismOnSaleDay: XmpStructure = {
  fields: [
    ["a-platform", "A-platform"],
    ["day", "Day"],
  ],
};

const PrismPublicationDate: XmpStructure = {
  fields: [
    ["a-platform", "A-platform"],
    ["date", "Date", date],
  ],
};

const PrismUrl: XmpStructure = {
  fields: [
    ["a-platform", "A-platform"],
    ["url", "Url"],
  ],
};
