/**
 * XMP's own namespaces (ISO 16684-1:2019 section 8) and those of Adobe's applications.
 * Names and values: ExifTool 13.59 XMP.pm, XMP2.pl.
 */
import { base64Bytes, pdfDate, trapped } from "./conversions.ts";
import { boolean, date, integer, langAlt, list, low, rational, real, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

export const x: XmpNamespace = {
  prefix: "x",
  rows: [["xmptk", "XMPToolkit"]],
};

export const rdf: XmpNamespace = {
  prefix: "rdf",
  rows: [["about", "About"]],
};

export const dc: XmpNamespace = {
  prefix: "dc",
  rows: [
    ["contributor", "Contributor", list()],
    ["coverage", "Coverage"],
    ["creator", "Creator", list()],
    ["date", "Date", list(date)],
    ["description", "Description", langAlt],
    ["format", "Format"],
    ["identifier", "Identifier"],
    ["language", "Language", list()],
    ["publisher", "Publisher", list()],
    ["relation", "Relation", list()],
    ["rights", "Rights", langAlt],
    ["source", "Source", low()],
    ["subject", "Subject", list()],
    ["title", "Title", langAlt],
    ["type", "Type", list()],
  ],
};

export const xmp: XmpNamespace = {
  prefix: "xmp",
  rows: [
    ["Advisory", "Advisory", list()],
    ["Author", "Author", low()],
    ["BaseURL", "BaseURL"],
    ["CreateDate", "CreateDate", low(date)],
    ["CreatorTool", "CreatorTool"],
    ["Description", "Description", low(langAlt)],
    ["Format", "Format", low()],
    ["Identifier", "Identifier", low(list())],
    ["Keywords", "Keywords", low()],
    ["Label", "Label"],
    ["MetadataDate", "MetadataDate", date],
    ["ModifyDate", "ModifyDate", low(date)],
    ["Nickname", "Nickname"],
    ["PageInfo", "PageInfo", list(structure(() => PageInfo))],
    ["Rating", "Rating", real],
    ["RatingPercent", "RatingPercent", low(real)],
    ["Thumbnails", "Thumbnails", list(structure(() => Thumbnail))],
    ["Title", "Title", low(langAlt)],
  ],
};

export const xmpRights: XmpNamespace = {
  prefix: "xmpRights",
  rows: [
    ["Certificate", "Certificate"],
    ["Marked", "Marked", boolean],
    ["Owner", "Owner", list()],
    ["UsageTerms", "UsageTerms", langAlt],
    ["WebStatement", "WebStatement"],
  ],
};

export const xmpNote: XmpNamespace = {
  prefix: "xmpNote",
  rows: [["HasExtendedXMP", "HasExtendedXMP"]],
};

export const xmpMM: XmpNamespace = {
  prefix: "xmpMM",
  rows: [
    ["DerivedFrom", "DerivedFrom", structure(() => ResourceRef)],
    ["DocumentID", "DocumentID"],
    ["History", "History", list(structure(() => ResourceEvent))],
    ["Ingredients", "Ingredients", list(structure(() => ResourceRef))],
    ["InstanceID", "InstanceID"],
    ["LastURL", "LastURL"],
    ["ManageTo", "ManageTo"],
    ["ManageUI", "ManageUI"],
    ["ManagedFrom", "ManagedFrom", structure(() => ResourceRef)],
    ["Manager", "Manager"],
    ["ManagerVariant", "ManagerVariant"],
    ["Manifest", "Manifest", list(structure(() => ManifestItem))],
    ["OriginalDocumentID", "OriginalDocumentID"],
    ["Pantry", "Pantry", list(structure(() => PantryItem))],
    ["PreservedFileName", "PreservedFileName"],
    ["RenditionClass", "RenditionClass"],
    ["RenditionOf", "RenditionOf", structure(() => ResourceRef)],
    ["RenditionParams", "RenditionParams"],
    ["SaveID", "SaveID", integer],
    ["VersionID", "VersionID"],
    ["Versions", "Versions", list(structure(() => Version))],
    ["subject", "Subject", low(list())],
  ],
};

export const xmpBJ: XmpNamespace = {
  prefix: "xmpBJ",
  rows: [["JobRef", "JobRef", list(structure(() => JobRef))]],
};

export const xmpTPg: XmpNamespace = {
  prefix: "xmpTPg",
  rows: [
    ["Colorants", "Colorants", list(structure(() => Colorant))],
    ["Fonts", "Fonts", list(structure(() => Font))],
    ["HasVisibleOverprint", "HasVisibleOverprint", boolean],
    ["HasVisibleTransparency", "HasVisibleTransparency", boolean],
    ["MaxPageSize", "MaxPageSize", structure(() => Dimensions)],
    ["NPages", "NPages", integer],
    ["PlateNames", "PlateNames", list()],
    ["SwatchGroups", "SwatchGroups", list(structure(() => SwatchGroup))],
  ],
};

export const xmpDM: XmpNamespace = {
  prefix: "xmpDM",
  rows: [
    ["Tracks", "Tracks", list(structure(() => Track))],
    ["absPeakAudioFilePath", "AbsPeakAudioFilePath"],
    ["album", "Album"],
    ["altTapeName", "AltTapeName"],
    ["altTimecode", "AltTimecode", structure(() => Timecode)],
    ["artist", "Artist", low()],
    [
      "audioChannelType",
      "AudioChannelType",
      { print: { "16 Channel": "16 Channel", "5.1": "5.1", "7.1": "7.1", Mono: "Mono", Other: "Other", Stereo: "Stereo" } },
    ],
    ["audioCompressor", "AudioCompressor"],
    ["audioModDate", "AudioModDate", date],
    ["audioSampleRate", "AudioSampleRate", integer],
    [
      "audioSampleType",
      "AudioSampleType",
      {
        print: {
          "16Int": "16-bit integer",
          "24Int": "24-bit integer",
          "32Float": "32-bit float",
          "32Int": "32-bit integer",
          "8Int": "8-bit integer",
          Compressed: "Compressed",
          Other: "Other",
          Packed: "Packed",
        },
      },
    ],
    ["beatSpliceParams", "BeatSpliceParams", structure(() => BeatSpliceStretch)],
    ["cameraAngle", "CameraAngle"],
    ["cameraLabel", "CameraLabel"],
    ["cameraModel", "CameraModel"],
    ["cameraMove", "CameraMove"],
    ["client", "Client"],
    ["comment", "DMComment"],
    ["composer", "Composer"],
    ["contributedMedia", "ContributedMedia", list(structure(() => Media))],
    ["copyright", "Copyright", low()],
    ["director", "Director"],
    ["directorPhotography", "DirectorPhotography"],
    ["discNumber", "DiscNumber"],
    ["duration", "Duration", structure(() => Time)],
    ["engineer", "Engineer"],
    ["fileDataRate", "FileDataRate", rational],
    ["genre", "Genre"],
    ["good", "Good", boolean],
    ["instrument", "Instrument"],
    ["introTime", "IntroTime", structure(() => Time)],
    [
      "key",
      "Key",
      { print: { A: "A", "A#": "A#", B: "B", C: "C", "C#": "C#", D: "D", "D#": "D#", E: "E", F: "F", "F#": "F#", G: "G", "G#": "G#" } },
    ],
    ["logComment", "LogComment"],
    ["loop", "Loop", boolean],
    ["lyrics", "Lyrics"],
    ["markers", "Markers", list(structure(() => Marker))],
    ["metadataModDate", "MetadataModDate", date],
    ["numberOfBeats", "NumberOfBeats", real],
    ["outCue", "OutCue", structure(() => Time)],
    ["partOfCompilation", "PartOfCompilation", boolean],
    ["pick", "Pick", integer],
    ["projectName", "ProjectName"],
    ["projectRef", "ProjectRef", structure(() => ProjectLink)],
    [
      "pullDown",
      "PullDown",
      {
        print: {
          SSWWW: "SSWWW",
          SWWWS: "SWWWS",
          SWWWW: "SWWWW",
          WSSWW: "WSSWW",
          WSWWW: "WSWWW",
          WWSSW: "WWSSW",
          WWSWW: "WWSWW",
          WWWSS: "WWWSS",
          WWWSW: "WWWSW",
          WWWWS: "WWWWS",
        },
      },
    ],
    ["relativePeakAudioFilePath", "RelativePeakAudioFilePath"],
    ["relativeTimestamp", "RelativeTimestamp", structure(() => Time)],
    ["releaseDate", "ReleaseDate", date],
    ["resampleParams", "ResampleParams", structure(() => ResampleStretch)],
    ["scaleType", "ScaleType", { print: { Both: "Both", Major: "Major", Minor: "Minor", Neither: "Neither" } }],
    ["scene", "Scene", low()],
    ["shotDate", "ShotDate", date],
    ["shotDay", "ShotDay"],
    ["shotLocation", "ShotLocation"],
    ["shotName", "ShotName"],
    ["shotNumber", "ShotNumber"],
    ["shotSize", "ShotSize"],
    ["speakerPlacement", "SpeakerPlacement"],
    ["startTimeSampleSize", "StartTimeSampleSize", integer],
    ["startTimeScale", "StartTimeScale"],
    ["startTimecode", "StartTimecode", structure(() => Timecode)],
    [
      "stretchMode",
      "StretchMode",
      {
        print: {
          "Beat Splice": "Beat Splice",
          "Fixed length": "Fixed length",
          Hybrid: "Hybrid",
          Resample: "Resample",
          "Time-Scale": "Time-Scale",
        },
      },
    ],
    ["takeNumber", "TakeNumber", integer],
    ["tapeName", "TapeName"],
    ["tempo", "Tempo", real],
    ["timeScaleParams", "TimeScaleParams", structure(() => TimeScaleStretch)],
    [
      "timeSignature",
      "TimeSignature",
      {
        print: {
          "12/8": "12/8",
          "2/4": "2/4",
          "3/4": "3/4",
          "4/4": "4/4",
          "5/4": "5/4",
          "6/8": "6/8",
          "7/4": "7/4",
          "9/8": "9/8",
          other: "other",
        },
      },
    ],
    ["trackNumber", "TrackNumber", integer],
    ["videoAlphaMode", "VideoAlphaMode", { print: { none: "None", "pre-multiplied": "Pre-multiplied", straight: "Straight" } }],
    ["videoAlphaPremultipleColor", "VideoAlphaPremultipleColor", structure(() => Colorant)],
    ["videoAlphaUnityIsTransparent", "VideoAlphaUnityIsTransparent", boolean],
    ["videoColorSpace", "VideoColorSpace", { print: { "CCIR-601": "CCIR-601", "CCIR-709": "CCIR-709", sRGB: "sRGB" } }],
    ["videoCompressor", "VideoCompressor"],
    ["videoFieldOrder", "VideoFieldOrder", { print: { Lower: "Lower", Progressive: "Progressive", Upper: "Upper" } }],
    ["videoFrameRate", "VideoFrameRate", real],
    ["videoFrameSize", "VideoFrameSize", structure(() => Dimensions)],
    ["videoModDate", "VideoModDate", date],
    ["videoPixelAspectRatio", "VideoPixelAspectRatio", rational],
    [
      "videoPixelDepth",
      "VideoPixelDepth",
      {
        print: {
          "16Int": "16-bit integer",
          "24Int": "24-bit integer",
          "32Float": "32-bit float",
          "32Int": "32-bit integer",
          "8Int": "8-bit integer",
          Other: "Other",
        },
      },
    ],
  ],
};

export const xmpPLUS: XmpNamespace = {
  prefix: "xmpPLUS",
  rows: [
    ["CreditLineReq", "CreditLineReq", low(boolean)],
    ["ReuseAllowed", "ReuseAllowed", low(boolean)],
  ],
};

export const pdf: XmpNamespace = {
  prefix: "pdf",
  rows: [
    ["Author", "Author"],
    ["Copyright", "Copyright", low()],
    ["CreationDate", "CreationDate", date],
    ["Creator", "Creator", low()],
    ["Keywords", "Keywords", low()],
    ["Marked", "Marked", low(boolean)],
    ["ModDate", "ModDate", date],
    ["PDFVersion", "PDFVersion"],
    ["Producer", "Producer"],
    ["Subject", "Subject", low()],
    ["Title", "Title", low()],
    ["Trapped", "Trapped", trapped],
  ],
};

export const pdfx: XmpNamespace = {
  prefix: "pdfx",
  rows: [["SourceModified", "SourceModified", pdfDate]],
};

export const photoshop: XmpNamespace = {
  prefix: "photoshop",
  rows: [
    ["AuthorsPosition", "AuthorsPosition"],
    ["CameraProfiles", "CameraProfiles", list(structure(() => Camera))],
    ["CaptionWriter", "CaptionWriter"],
    ["Category", "Category"],
    ["City", "City"],
    [
      "ColorMode",
      "ColorMode",
      { ...integer, print: { 0: "Bitmap", 1: "Grayscale", 2: "Indexed", 3: "RGB", 4: "CMYK", 7: "Multichannel", 8: "Duotone", 9: "Lab" } },
    ],
    ["Country", "Country"],
    ["Credit", "Credit"],
    ["DateCreated", "DateCreated", date],
    ["DocumentAncestors", "DocumentAncestors", list()],
    ["EmbeddedXMPDigest", "EmbeddedXMPDigest"],
    ["Headline", "Headline"],
    ["History", "History"],
    ["ICCProfile", "ICCProfileName"],
    ["Instructions", "Instructions"],
    ["LabelColor", "LabelColor"],
    ["LegacyIPTCDigest", "LegacyIPTCDigest"],
    ["SidecarForExtension", "SidecarForExtension"],
    ["Source", "Source"],
    ["State", "State"],
    ["SupplementalCategories", "SupplementalCategories", list()],
    ["TextLayers", "TextLayers", list(structure(() => Layer))],
    ["TransmissionReference", "TransmissionReference"],
    [
      "Urgency",
      "Urgency",
      {
        ...integer,
        print: {
          0: "0 (reserved)",
          1: "1 (most urgent)",
          2: "2",
          3: "3",
          4: "4",
          5: "5 (normal urgency)",
          6: "6",
          7: "7",
          8: "8 (least urgent)",
          9: "9 (user-defined priority)",
        },
      },
    ],
  ],
};

export const lr: XmpNamespace = {
  prefix: "lr",
  rows: [
    ["hierarchicalSubject", "HierarchicalSubject", list()],
    ["privateRTKInfo", "PrivateRTKInfo"],
    ["weightedFlatSubject", "WeightedFlatSubject", list()],
  ],
};

export const album: XmpNamespace = {
  prefix: "album",
  rows: [["Notes", "Notes"]],
};

export const creatorAtom: XmpNamespace = {
  prefix: "creatorAtom",
  rows: [
    ["aeProjectLink", "AeProjectLink", structure(() => AEProjectLink)],
    ["macAtom", "MacAtom", structure(() => MacAtom)],
    ["windowsAtom", "WindowsAtom", structure(() => WindowsAtom)],
  ],
};

export const swf: XmpNamespace = {
  prefix: "swf",
  rows: [
    ["bgalpha", "BackgroundAlpha", integer],
    ["forwardlock", "ForwardLock", boolean],
    ["maxstorage", "MaxStorage", integer],
    ["type", "Type", low()],
  ],
};

export const panorama: XmpNamespace = {
  prefix: "panorama",
  rows: [
    ["Transformation", "Transformation"],
    ["VirtualFocalLength", "VirtualFocalLength", real],
    ["VirtualImageXCenter", "VirtualImageXCenter", real],
    ["VirtualImageYCenter", "VirtualImageYCenter", real],
  ],
};

export const hdr: XmpNamespace = {
  prefix: "hdr",
  rows: [
    ["ccv_avg_luminance_nits", "CCVAvgLuminanceNits", real],
    ["ccv_max_luminance_nits", "CCVMaxLuminanceNits", real],
    ["ccv_min_luminance_nits", "CCVMinLuminanceNits", real],
    ["ccv_primaries_xy", "CCVPrimariesXY"],
    ["ccv_white_xy", "CCVWhiteXY"],
    ["scene_referred", "SceneReferred", boolean],
  ],
};

export const hdrgm: XmpNamespace = {
  prefix: "hdrgm",
  rows: [
    ["BaseRenditionIsHDR", "BaseRenditionIsHDR", boolean],
    ["GainMapMax", "GainMapMax", list(real)],
    ["GainMapMin", "GainMapMin", list(real)],
    ["Gamma", "Gamma", low(list(real))],
    ["HDRCapacityMax", "HDRCapacityMax", real],
    ["HDRCapacityMin", "HDRCapacityMin", real],
    ["OffsetHDR", "OffsetHDR", list(real)],
    ["OffsetSDR", "OffsetSDR", list(real)],
    ["Version", "Version", low()],
  ],
};

const PageInfo: XmpStructure = {
  fields: [
    ["PageNumber", "PageNumber", integer],
    ["format", "Format"],
    ["height", "Height", integer],
    ["image", "Image", base64Bytes],
    ["width", "Width", integer],
  ],
};

const Thumbnail: XmpStructure = {
  fields: [
    ["format", "Format"],
    ["height", "Height", integer],
    ["image", "Image", base64Bytes],
    ["width", "Width", integer],
  ],
};

const ResourceRef: XmpStructure = {
  fields: [
    ["alternatePaths", "AlternatePaths", list()],
    ["documentID", "DocumentID"],
    ["filePath", "FilePath"],
    ["fromPart", "FromPart"],
    ["instanceID", "InstanceID"],
    ["lastModifyDate", "LastModifyDate", date],
    ["lastURL", "LastURL"],
    ["linkCategory", "LinkCategory"],
    ["linkForm", "LinkForm"],
    ["manageTo", "ManageTo"],
    ["manageUI", "ManageUI"],
    ["manager", "Manager"],
    ["managerVariant", "ManagerVariant"],
    ["maskMarkers", "MaskMarkers", { print: { All: "All", None: "None" } }],
    ["originalDocumentID", "OriginalDocumentID"],
    ["partMapping", "PartMapping"],
    ["placedResolutionUnit", "PlacedResolutionUnit"],
    ["placedXResolution", "PlacedXResolution"],
    ["placedYResolution", "PlacedYResolution"],
    ["renditionClass", "RenditionClass"],
    ["renditionParams", "RenditionParams"],
    ["toPart", "ToPart"],
    ["versionID", "VersionID"],
  ],
};

const ResourceEvent: XmpStructure = {
  fields: [
    ["action", "Action"],
    ["changed", "Changed"],
    ["instanceID", "InstanceID"],
    ["parameters", "Parameters"],
    ["softwareAgent", "SoftwareAgent"],
    ["when", "When", date],
  ],
};

const ManifestItem: XmpStructure = {
  fields: [
    ["linkForm", "LinkForm"],
    ["placedResolutionUnit", "PlacedResolutionUnit"],
    ["placedXResolution", "PlacedXResolution", real],
    ["placedYResolution", "PlacedYResolution", real],
    ["reference", "Reference", structure(() => ResourceRef)],
  ],
};

const PantryItem: XmpStructure = {
  fields: [["InstanceID", "InstanceID"]],
  open: true,
};

const Version: XmpStructure = {
  fields: [
    ["comments", "Comments"],
    ["event", "Event", structure(() => ResourceEvent)],
    ["modifier", "Modifier"],
    ["modifyDate", "ModifyDate", date],
    ["version", "Version"],
  ],
};

const JobRef: XmpStructure = {
  fields: [
    ["id", "Id"],
    ["name", "Name"],
    ["url", "Url"],
  ],
};

const Colorant: XmpStructure = {
  fields: [
    ["A", "A", integer],
    ["B", "B", integer],
    ["L", "L", real],
    ["black", "Black", real],
    ["blue", "Blue", integer],
    ["cyan", "Cyan", real],
    ["gray", "Gray", integer],
    ["green", "Green", integer],
    ["magenta", "Magenta", real],
    ["mode", "Mode", { print: { CMYK: "CMYK", LAB: "Lab", RGB: "RGB" } }],
    ["red", "Red", integer],
    ["swatchName", "SwatchName"],
    ["tint", "Tint", integer],
    ["type", "Type"],
    ["yellow", "Yellow", real],
  ],
};

const Font: XmpStructure = {
  fields: [
    ["childFontFiles", "ChildFontFiles", list()],
    ["composite", "Composite", boolean],
    ["fontFace", "FontFace"],
    ["fontFamily", "FontFamily"],
    ["fontFileName", "FontFileName"],
    ["fontName", "FontName"],
    ["fontType", "FontType"],
    ["versionString", "VersionString"],
  ],
};

export const Dimensions: XmpStructure = {
  fields: [
    ["h", "H", real],
    ["unit", "Unit"],
    ["w", "W", real],
  ],
};

const SwatchGroup: XmpStructure = {
  fields: [
    ["Colorants", "Colorants", list(structure(() => Colorant))],
    ["groupName", "GroupName"],
    ["groupType", "GroupType", integer],
  ],
};

const Track: XmpStructure = {
  fields: [
    ["frameRate", "FrameRate"],
    ["markers", "Markers", list(structure(() => Marker))],
    ["trackName", "TrackName"],
    ["trackType", "TrackType"],
  ],
};

export const Timecode: XmpStructure = {
  fields: [
    [
      "timeFormat",
      "TimeFormat",
      {
        print: {
          "23976Timecode": "23.976 fps",
          "24Timecode": "24 fps",
          "25Timecode": "25 fps",
          "2997DropTimecode": "29.97 fps (drop)",
          "2997NonDropTimecode": "29.97 fps (non-drop)",
          "30Timecode": "30 fps",
          "50Timecode": "50 fps",
          "5994DropTimecode": "59.94 fps (drop)",
          "5994NonDropTimecode": "59.94 fps (non-drop)",
          "60Timecode": "60 fps",
        },
      },
    ],
    ["timeValue", "TimeValue"],
    ["value", "Value", integer],
  ],
};

const BeatSpliceStretch: XmpStructure = {
  fields: [
    ["riseInDecibel", "RiseInDecibel", real],
    ["riseInTimeDuration", "RiseInTimeDuration", structure(() => Time)],
    ["useFileBeatsMarker", "UseFileBeatsMarker", boolean],
  ],
};

const Media: XmpStructure = {
  fields: [
    ["duration", "Duration", structure(() => Time)],
    ["managed", "Managed", boolean],
    ["path", "Path"],
    ["startTime", "StartTime", structure(() => Time)],
    ["track", "Track"],
    ["webStatement", "WebStatement"],
  ],
};

const Time: XmpStructure = {
  fields: [
    ["scale", "Scale", rational],
    ["value", "Value", integer],
  ],
};

const Marker: XmpStructure = {
  fields: [
    ["comment", "Comment"],
    ["cuePointParams", "CuePointParams", list(structure(() => CuePointParam))],
    ["cuePointType", "CuePointType"],
    ["duration", "Duration"],
    ["location", "Location"],
    ["name", "Name"],
    ["probability", "Probability", real],
    ["speaker", "Speaker"],
    ["startTime", "StartTime"],
    ["target", "Target"],
    ["type", "Type"],
  ],
};

const ProjectLink: XmpStructure = {
  fields: [
    ["path", "Path"],
    ["type", "Type", { print: { audio: "Audio", custom: "Custom", movie: "Movie", still: "Still Image" } }],
  ],
};

const ResampleStretch: XmpStructure = {
  fields: [["quality", "Quality", { print: { High: "High", Low: "Low", Medium: "Medium" } }]],
};

const TimeScaleStretch: XmpStructure = {
  fields: [
    ["frameOverlappingPercentage", "FrameOverlappingPercentage", real],
    ["frameSize", "FrameSize", real],
    ["quality", "Quality", { print: { High: "High", Low: "Low", Medium: "Medium" } }],
  ],
};

const Camera: XmpStructure = {
  fields: [
    ["ApertureValue", "ApertureValue", real],
    ["Author", "Author"],
    ["AutoScale", "AutoScale", boolean],
    ["CameraPrettyName", "CameraPrettyName"],
    ["CameraRawProfile", "CameraRawProfile", boolean],
    ["FocalLength", "FocalLength", real],
    ["FocusDistance", "FocusDistance", real],
    ["Lens", "Lens"],
    ["LensPrettyName", "LensPrettyName"],
    ["Make", "Make"],
    ["Model", "Model"],
    ["PerspectiveModel", "PerspectiveModel", structure(() => PerspectiveModel)],
    ["ProfileName", "ProfileName"],
    ["SensorFormatFactor", "SensorFormatFactor", real],
    ["UniqueCameraModel", "UniqueCameraModel"],
  ],
};

const Layer: XmpStructure = {
  fields: [
    ["LayerName", "LayerName"],
    ["LayerText", "LayerText"],
  ],
};

const AEProjectLink: XmpStructure = {
  fields: [
    ["compositionID", "CompositionID"],
    ["fullPath", "FullPath"],
    ["renderOutputModuleIndex", "RenderOutputModuleIndex"],
    ["renderQueueItemID", "RenderQueueItemID"],
    ["renderTimeStamp", "RenderTimeStamp", integer],
  ],
};

const MacAtom: XmpStructure = {
  fields: [
    ["applicationCode", "ApplicationCode"],
    ["invocationAppleEvent", "InvocationAppleEvent"],
    ["posixProjectPath", "PosixProjectPath"],
  ],
};

const WindowsAtom: XmpStructure = {
  fields: [
    ["extension", "Extension"],
    ["invocationFlags", "InvocationFlags"],
    ["uncProjectPath", "UncProjectPath"],
  ],
};

const CuePointParam: XmpStructure = {
  fields: [
    ["key", "Key"],
    ["value", "Value"],
  ],
};

const PerspectiveModel: XmpStructure = {
  fields: [
    ["ImageXCenter", "ImageXCenter", real],
    ["ImageYCenter", "ImageYCenter", real],
    ["RadialDistortParam1", "RadialDistortParam1", real],
    ["RadialDistortParam2", "RadialDistortParam2", real],
    ["RadialDistortParam3", "RadialDistortParam3", real],
    ["ScaleFactor", "ScaleFactor", real],
    ["Version", "Version"],
    ["VignetteModel", "VignetteModel", structure(() => VignetteModel)],
  ],
};

const VignetteModel: XmpStructure = {
  fields: [
    ["ImageXCenter", "ImageXCenter", real],
    ["ImageYCenter", "ImageYCenter", real],
    ["VignetteModelParam1", "VignetteModelParam1", real],
    ["VignetteModelPiecewiseParam", "VignetteModelPiecewiseParam", list()],
  ],
};
