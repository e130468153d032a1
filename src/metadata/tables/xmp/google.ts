/**
 * Google: panoramas, depth maps, motion photos, dynamic depth.
 * Names and values: ExifTool 13.59 Google.pm.
 */
import { base64Bytes, inMetres, latitude, longitude, unixMilliseconds, unixSeconds } from "./conversions.ts";
import { binary, boolean, choice, date, integer, list, low, real, structure, type XmpNamespace, type XmpStructure } from "./fields.ts";

export const GAudio: XmpNamespace = {
  prefix: "GAudio",
  rows: [
    ["Data", "AudioData", base64Bytes],
    ["Mime", "AudioMimeType"],
  ],
};

export const GCamera: XmpNamespace = {
  prefix: "GCamera",
  rows: [
    ["BurstID", "BurstID"],
    ["BurstPrimary", "BurstPrimary"],
    ["DisableAutoCreation", "DisableAutoCreation", list()],
    ["DisableSuggestedAction", "DisableSuggestedAction", list()],
    ["HdrPlusMakernote", "HDRPlusMakerNote", binary],
    ["MicroVideo", "MicroVideo", integer],
    ["MicroVideoOffset", "MicroVideoOffset", integer],
    ["MicroVideoPresentationTimestampUs", "MicroVideoPresentationTimestampUs", integer],
    ["MicroVideoVersion", "MicroVideoVersion", integer],
    ["MotionPhoto", "MotionPhoto", integer],
    ["MotionPhotoPresentationTimestampUs", "MotionPhotoPresentationTimestampUs", integer],
    ["MotionPhotoVersion", "MotionPhotoVersion", integer],
    ["PortraitNote", "PortraitNote"],
    ["PortraitRequest", "PortraitRequest", binary],
    ["PortraitVersion", "PortraitVersion"],
    ["SpecialTypeID", "SpecialTypeID", list()],
    ["hdrp_makernote", "HDRPMakerNote", binary],
    ["shot_log_data", "ShotLogData", binary],
  ],
};

export const GContainer: XmpNamespace = {
  prefix: "GContainer",
  rows: [["Directory", "ContainerDirectory", list(structure(() => GoogleDirectory))]],
};

export const GCreations: XmpNamespace = {
  prefix: "GCreations",
  rows: [
    ["CameraBurstID", "CameraBurstID"],
    ["Type", "Type", low()],
  ],
};

export const GDepth: XmpNamespace = {
  prefix: "GDepth",
  low: true,
  rows: [
    ["Confidence", "Confidence", base64Bytes],
    ["ConfidenceMime", "ConfidenceMime"],
    ["Data", "DepthImage", base64Bytes],
    ["Far", "Far", real],
    ["Format", "Format", choice({ RangeInverse: "RangeInverse", RangeLinear: "RangeLinear" })],
    ["ImageHeight", "ImageHeight", real],
    ["ImageWidth", "ImageWidth", real],
    ["Manufacturer", "Manufacturer"],
    ["MeasureType", "MeasureType", choice({ OpticalAxis: "OpticalAxis", OpticalRay: "OpticalRay" })],
    ["Mime", "Mime"],
    ["Model", "Model"],
    ["Near", "Near", real],
    ["Software", "Software"],
    ["Units", "Units"],
  ],
};

export const GFocus: XmpNamespace = {
  prefix: "GFocus",
  rows: [
    ["BlurAtInfinity", "BlurAtInfinity", real],
    ["FocalDistance", "FocalDistance", real],
    ["FocalPointX", "FocalPointX", real],
    ["FocalPointY", "FocalPointY", real],
  ],
};

export const GImage: XmpNamespace = {
  prefix: "GImage",
  rows: [
    ["Data", "ImageData", base64Bytes],
    ["Mime", "ImageMimeType"],
  ],
};

export const GPano: XmpNamespace = {
  prefix: "GPano",
  rows: [
    ["CaptureSoftware", "CaptureSoftware"],
    ["CroppedAreaImageHeightPixels", "CroppedAreaImageHeightPixels", real],
    ["CroppedAreaImageWidthPixels", "CroppedAreaImageWidthPixels", real],
    ["CroppedAreaLeftPixels", "CroppedAreaLeftPixels", real],
    ["CroppedAreaTopPixels", "CroppedAreaTopPixels", real],
    ["ExposureLockUsed", "ExposureLockUsed", boolean],
    ["FirstPhotoDate", "FirstPhotoDate", date],
    ["FullPanoHeightPixels", "FullPanoHeightPixels", real],
    ["FullPanoWidthPixels", "FullPanoWidthPixels", real],
    ["InitialCameraDolly", "InitialCameraDolly", real],
    ["InitialHorizontalFOVDegrees", "InitialHorizontalFOVDegrees", real],
    ["InitialVerticalFOVDegrees", "InitialVerticalFOVDegrees", real],
    ["InitialViewHeadingDegrees", "InitialViewHeadingDegrees", real],
    ["InitialViewPitchDegrees", "InitialViewPitchDegrees", real],
    ["InitialViewRollDegrees", "InitialViewRollDegrees", real],
    ["LargestValidInteriorRectHeight", "LargestValidInteriorRectHeight", real],
    ["LargestValidInteriorRectLeft", "LargestValidInteriorRectLeft", real],
    ["LargestValidInteriorRectTop", "LargestValidInteriorRectTop", real],
    ["LargestValidInteriorRectWidth", "LargestValidInteriorRectWidth", real],
    ["LastPhotoDate", "LastPhotoDate", date],
    ["PoseHeadingDegrees", "PoseHeadingDegrees", real],
    ["PosePitchDegrees", "PosePitchDegrees", real],
    ["PoseRollDegrees", "PoseRollDegrees", real],
    ["ProjectionType", "ProjectionType"],
    ["SourcePhotosCount", "SourcePhotosCount", integer],
    ["StitchingSoftware", "StitchingSoftware"],
    ["UsePanoramaViewer", "UsePanoramaViewer", boolean],
  ],
};

export const GSpherical: XmpNamespace = {
  prefix: "GSpherical",
  rows: [
    ["CroppedAreaImageHeightPixels", "CroppedAreaImageHeightPixels", low(integer)],
    ["CroppedAreaImageWidthPixels", "CroppedAreaImageWidthPixels", low(integer)],
    ["CroppedAreaLeftPixels", "CroppedAreaLeftPixels", low(integer)],
    ["CroppedAreaTopPixels", "CroppedAreaTopPixels", low(integer)],
    ["FullPanoHeightPixels", "FullPanoHeightPixels", low(integer)],
    ["FullPanoWidthPixels", "FullPanoWidthPixels", low(integer)],
    ["InitialViewHeadingDegrees", "InitialViewHeadingDegrees", low(real)],
    ["InitialViewPitchDegrees", "InitialViewPitchDegrees", low(real)],
    ["InitialViewRollDegrees", "InitialViewRollDegrees", low(real)],
    ["ProjectionType", "ProjectionType", low()],
    ["SourceCount", "SourceCount", low(integer)],
    ["Spherical", "Spherical", low(boolean)],
    ["StereoMode", "StereoMode", low()],
    ["Stitched", "Stitched", low(boolean)],
    ["StitchingSoftware", "StitchingSoftware", low()],
    ["Timestamp", "TimeStamp", low(unixSeconds)],
  ],
};

export const Device: XmpNamespace = {
  prefix: "Device",
  rows: [
    ["AppInfo", "AppInfo", structure(() => GoogleAppInfo)],
    ["Cameras", "Cameras", list(structure(() => GoogleDeviceCameras))],
    ["Container", "Container", structure(() => GoogleDeviceContainer)],
    ["EarthPos", "EarthPos", structure(() => GoogleEarthPose)],
    ["Planes", "Planes", list(structure(() => GoogleDevicePlanes))],
    ["Pose", "Pose", structure(() => GooglePose)],
    ["Profiles", "Profiles", list(structure(() => GoogleDeviceProfiles))],
    ["VendorInfo", "VendorInfo", structure(() => GoogleVendorInfo)],
  ],
};

const GoogleDirectory: XmpStructure = {
  fields: [["Item", structure(() => GoogleItem)]],
};

const GoogleAppInfo: XmpStructure = {
  fields: [["Application"], ["ItemURI"], ["Version"]],
};

const GoogleDeviceCameras: XmpStructure = {
  fields: [["Camera", structure(() => GoogleDeviceCamera)]],
};

const GoogleDeviceContainer: XmpStructure = {
  fields: [["Directory", list(structure(() => GoogleDeviceDirectory))]],
};

const GoogleEarthPose: XmpStructure = {
  fields: [
    ["Altitude", inMetres(real)],
    ["Latitude", latitude],
    ["Longitude", longitude],
    ["RotationW", real],
    ["RotationX", real],
    ["RotationY", real],
    ["RotationZ", real],
    ["Timestamp", unixMilliseconds],
  ],
};

const GoogleDevicePlanes: XmpStructure = {
  fields: [["Plane", structure(() => GoogleDevicePlane)]],
};

const GooglePose: XmpStructure = {
  fields: [
    ["PositionX", real],
    ["PositionY", real],
    ["PositionZ", real],
    ["RotationW", real],
    ["RotationX", real],
    ["RotationY", real],
    ["RotationZ", real],
    ["Timestamp", unixMilliseconds],
  ],
};

const GoogleDeviceProfiles: XmpStructure = {
  fields: [["Profile", structure(() => GoogleDeviceProfile)]],
};

const GoogleVendorInfo: XmpStructure = {
  fields: [["Manufacturer"], ["Model"], ["Notes"]],
};

const GoogleItem: XmpStructure = {
  fields: [["Label"], ["Length", integer], ["Mime"], ["Padding", integer], ["Semantic"], ["URI"]],
};

const GoogleDeviceCamera: XmpStructure = {
  fields: [
    ["AppInfo", structure(() => GoogleAppInfo)],
    ["DepthMap", structure(() => GoogleDeviceDepthMap)],
    ["Image", structure(() => GoogleDeviceImage)],
    ["ImagingModel", structure(() => GoogleDeviceImagingModel)],
    ["LightEstimate", structure(() => GoogleDeviceLightEstimate)],
    ["PointCloud", structure(() => GoogleDevicePointCloud)],
    ["Pose", structure(() => GooglePose)],
    ["Trait"],
    ["VendorInfo", structure(() => GoogleVendorInfo)],
  ],
};

const GoogleDeviceDirectory: XmpStructure = {
  fields: [["Item", structure(() => GoogleDeviceItem)]],
};

const GoogleDevicePlane: XmpStructure = {
  fields: [["Boundary"], ["BoundaryVertexCount", integer], ["ExtentX", real], ["ExtentZ", real], ["Pose", structure(() => GooglePose)]],
};

const GoogleDeviceProfile: XmpStructure = {
  fields: [["CameraIndices", list(integer)], ["Type"]],
};

const GoogleDeviceDepthMap: XmpStructure = {
  fields: [
    ["ConfidenceURI"],
    ["DepthURI"],
    ["Far", real],
    ["FocalTable"],
    ["FocalTableEntryCount", integer],
    ["Format"],
    ["ItemSemantic"],
    ["MeasureType"],
    ["Near", real],
    ["Software"],
    ["Units"],
  ],
};

const GoogleDeviceImage: XmpStructure = {
  fields: [["ItemSemantic"], ["ItemURI"]],
};

const GoogleDeviceImagingModel: XmpStructure = {
  fields: [
    ["Distortion"],
    ["DistortionCount", integer],
    ["FocalLengthX", real],
    ["FocalLengthY", real],
    ["ImageHeight", integer],
    ["ImageWidth", integer],
    ["PixelAspectRatio", real],
    ["PrincipalPointX", real],
    ["PrincipalPointY", real],
    ["Skew", real],
  ],
};

const GoogleDeviceLightEstimate: XmpStructure = {
  fields: [
    ["ColorCorrectionB", real],
    ["ColorCorrectionG", real],
    ["ColorCorrectionR", real],
    ["PixelIntensity", real],
  ],
};

const GoogleDevicePointCloud: XmpStructure = {
  fields: [["Metric", boolean], ["PointCloud", integer], ["Points"]],
};

const GoogleDeviceItem: XmpStructure = {
  fields: [["DataURI"], ["Length", integer], ["Mime"], ["Padding", integer]],
};
