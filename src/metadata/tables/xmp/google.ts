/**
 * Google: panoramas, depth maps, motion photos, dynamic depth.
 * Names and values: ExifTool 13.59 Google.pm.
 */
import { base64Bytes, inMetres, latitude, longitude, unixMilliseconds, unixSeconds } from "./conversions.ts";
import { binary, boolean, date, integer, list, low, real, structure, type XmpNamespace, type XmpStructure } from "./row.ts";

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
    ["Format", "Format", { print: { RangeInverse: "RangeInverse", RangeLinear: "RangeLinear" } }],
    ["ImageHeight", "ImageHeight", real],
    ["ImageWidth", "ImageWidth", real],
    ["Manufacturer", "Manufacturer"],
    ["MeasureType", "MeasureType", { print: { OpticalAxis: "OpticalAxis", OpticalRay: "OpticalRay" } }],
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
  fields: [["Item", "Item", structure(() => GoogleItem)]],
};

const GoogleAppInfo: XmpStructure = {
  fields: [
    ["Application", "Application"],
    ["ItemURI", "ItemURI"],
    ["Version", "Version"],
  ],
};

const GoogleDeviceCameras: XmpStructure = {
  fields: [["Camera", "Camera", structure(() => GoogleDeviceCamera)]],
};

const GoogleDeviceContainer: XmpStructure = {
  fields: [["Directory", "Directory", list(structure(() => GoogleDeviceDirectory))]],
};

const GoogleEarthPose: XmpStructure = {
  fields: [
    ["Altitude", "Altitude", inMetres(real)],
    ["Latitude", "Latitude", latitude],
    ["Longitude", "Longitude", longitude],
    ["RotationW", "RotationW", real],
    ["RotationX", "RotationX", real],
    ["RotationY", "RotationY", real],
    ["RotationZ", "RotationZ", real],
    ["Timestamp", "Timestamp", unixMilliseconds],
  ],
};

const GoogleDevicePlanes: XmpStructure = {
  fields: [["Plane", "Plane", structure(() => GoogleDevicePlane)]],
};

const GooglePose: XmpStructure = {
  fields: [
    ["PositionX", "PositionX", real],
    ["PositionY", "PositionY", real],
    ["PositionZ", "PositionZ", real],
    ["RotationW", "RotationW", real],
    ["RotationX", "RotationX", real],
    ["RotationY", "RotationY", real],
    ["RotationZ", "RotationZ", real],
    ["Timestamp", "Timestamp", unixMilliseconds],
  ],
};

const GoogleDeviceProfiles: XmpStructure = {
  fields: [["Profile", "Profile", structure(() => GoogleDeviceProfile)]],
};

const GoogleVendorInfo: XmpStructure = {
  fields: [
    ["Manufacturer", "Manufacturer"],
    ["Model", "Model"],
    ["Notes", "Notes"],
  ],
};

const GoogleItem: XmpStructure = {
  fields: [
    ["Label", "Label"],
    ["Length", "Length", integer],
    ["Mime", "Mime"],
    ["Padding", "Padding", integer],
    ["Semantic", "Semantic"],
    ["URI", "URI"],
  ],
};

const GoogleDeviceCamera: XmpStructure = {
  fields: [
    ["AppInfo", "AppInfo", structure(() => GoogleAppInfo)],
    ["DepthMap", "DepthMap", structure(() => GoogleDeviceDepthMap)],
    ["Image", "Image", structure(() => GoogleDeviceImage)],
    ["ImagingModel", "ImagingModel", structure(() => GoogleDeviceImagingModel)],
    ["LightEstimate", "LightEstimate", structure(() => GoogleDeviceLightEstimate)],
    ["PointCloud", "PointCloud", structure(() => GoogleDevicePointCloud)],
    ["Pose", "Pose", structure(() => GooglePose)],
    ["Trait", "Trait"],
    ["VendorInfo", "VendorInfo", structure(() => GoogleVendorInfo)],
  ],
};

const GoogleDeviceDirectory: XmpStructure = {
  fields: [["Item", "Item", structure(() => GoogleDeviceItem)]],
};

const GoogleDevicePlane: XmpStructure = {
  fields: [
    ["Boundary", "Boundary"],
    ["BoundaryVertexCount", "BoundaryVertexCount", integer],
    ["ExtentX", "ExtentX", real],
    ["ExtentZ", "ExtentZ", real],
    ["Pose", "Pose", structure(() => GooglePose)],
  ],
};

const GoogleDeviceProfile: XmpStructure = {
  fields: [
    ["CameraIndices", "CameraIndices", list(integer)],
    ["Type", "Type"],
  ],
};

const GoogleDeviceDepthMap: XmpStructure = {
  fields: [
    ["ConfidenceURI", "ConfidenceURI"],
    ["DepthURI", "DepthURI"],
    ["Far", "Far", real],
    ["FocalTable", "FocalTable"],
    ["FocalTableEntryCount", "FocalTableEntryCount", integer],
    ["Format", "Format"],
    ["ItemSemantic", "ItemSemantic"],
    ["MeasureType", "MeasureType"],
    ["Near", "Near", real],
    ["Software", "Software"],
    ["Units", "Units"],
  ],
};

const GoogleDeviceImage: XmpStructure = {
  fields: [
    ["ItemSemantic", "ItemSemantic"],
    ["ItemURI", "ItemURI"],
  ],
};

const GoogleDeviceImagingModel: XmpStructure = {
  fields: [
    ["Distortion", "Distortion"],
    ["DistortionCount", "DistortionCount", integer],
    ["FocalLengthX", "FocalLengthX", real],
    ["FocalLengthY", "FocalLengthY", real],
    ["ImageHeight", "ImageHeight", integer],
    ["ImageWidth", "ImageWidth", integer],
    ["PixelAspectRatio", "PixelAspectRatio", real],
    ["PrincipalPointX", "PrincipalPointX", real],
    ["PrincipalPointY", "PrincipalPointY", real],
    ["Skew", "Skew", real],
  ],
};

const GoogleDeviceLightEstimate: XmpStructure = {
  fields: [
    ["ColorCorrectionB", "ColorCorrectionB", real],
    ["ColorCorrectionG", "ColorCorrectionG", real],
    ["ColorCorrectionR", "ColorCorrectionR", real],
    ["PixelIntensity", "PixelIntensity", real],
  ],
};

const GoogleDevicePointCloud: XmpStructure = {
  fields: [
    ["Metric", "Metric", boolean],
    ["PointCloud", "PointCloud", integer],
    ["Points", "Points"],
  ],
};

const GoogleDeviceItem: XmpStructure = {
  fields: [
    ["DataURI", "DataURI"],
    ["Length", "Length", integer],
    ["Mime", "Mime"],
    ["Padding", "Padding", integer],
  ],
};
