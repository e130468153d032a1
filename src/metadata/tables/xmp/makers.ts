/**
 * Namespaces of the makers of cameras and phones.
 * Names and values: ExifTool 13.59 XMP2.pl, DJI.pm, Nikon.pm, Panasonic.pm.
 */
import {
  base64Bytes,
  decimalLatitude,
  decimalLongitude,
  dottedVersion,
  fourCC,
  nikonAltitude,
  nikonByteChoice,
  nikonChoice,
  nikonCoordinate,
  nikonDirection,
  nikonVersion,
} from "./conversions.ts";
import { binary, boolean, integer, list, low, real, type XmpNamespace } from "./row.ts";

export const HDRGainMap: XmpNamespace = {
  prefix: "HDRGainMap",
  rows: [["HDRGainMapVersion", "HDRGainMapVersion", dottedVersion]],
};

export const apdi: XmpNamespace = {
  prefix: "apdi",
  rows: [
    ["AuxiliaryImageType", "AuxiliaryImageType"],
    ["NativeFormat", "NativeFormat", fourCC],
    ["StoredFormat", "StoredFormat", fourCC],
  ],
};

export const appleFi: XmpNamespace = {
  prefix: "apple-fi",
  rows: [
    ["AngleInfoRoll", "AngleInfoRoll", integer],
    ["AngleInfoYaw", "AngleInfoYaw", integer],
    ["ConfidenceLevel", "ConfidenceLevel", integer],
    ["FaceID", "FaceID", integer],
    ["Timestamp", "TimeStamp", integer],
  ],
};

export const aas: XmpNamespace = {
  prefix: "aas",
  rows: [
    ["AffineA", "AffineA", real],
    ["AffineB", "AffineB", real],
    ["AffineC", "AffineC", real],
    ["AffineD", "AffineD", real],
    ["AffineX", "AffineX", real],
    ["AffineY", "AffineY", real],
    ["CropH", "CropH", low(integer)],
    ["CropW", "CropW", low(integer)],
    ["CropX", "CropX", low(integer)],
    ["CropY", "CropY", low(integer)],
    ["Curve0x", "Curve0x", real],
    ["Curve0y", "Curve0y", real],
    ["Curve1x", "Curve1x", real],
    ["Curve1y", "Curve1y", real],
    ["Curve2x", "Curve2x", real],
    ["Curve2y", "Curve2y", real],
    ["Curve3x", "Curve3x", real],
    ["Curve3y", "Curve3y", real],
    ["Curve4x", "Curve4x", real],
    ["Curve4y", "Curve4y", real],
    ["FaceBalanceOrigI", "FaceBalanceOrigI", real],
    ["FaceBalanceOrigQ", "FaceBalanceOrigQ", real],
    ["FaceBalanceStrength", "FaceBalanceStrength", real],
    ["FaceBalanceWarmth", "FaceBalanceWarmth", real],
    ["Highlights", "Highlights", low(real)],
    ["Shadows", "Shadows", low(real)],
    ["Vibrance", "Vibrance", low(real)],
  ],
};

export const LImage: XmpNamespace = {
  prefix: "LImage",
  rows: [
    ["MajorVersion", "MajorVersion"],
    ["MinorVersion", "MinorVersion"],
    ["RightAlbedo", "RightAlbedo", base64Bytes],
  ],
};

export const cell: XmpNamespace = {
  prefix: "cell",
  rows: [
    ["cellid", "CellTowerID"],
    ["cgi", "CellGlobalID"],
    ["lac", "LocationAreaCode"],
    ["mcc", "MobileCountryCode"],
    ["mnc", "MobileNetworkCode"],
    ["r", "CellR"],
  ],
};

export const droneDji: XmpNamespace = {
  prefix: "drone-dji",
  rows: [
    ["AbsoluteAltitude", "AbsoluteAltitude", real],
    ["CalibratedFocalLength", "CalibratedFocalLength", real],
    ["CalibratedOpticalCenterX", "CalibratedOpticalCenterX", real],
    ["CalibratedOpticalCenterY", "CalibratedOpticalCenterY", real],
    ["CamReverse", "CamReverse"],
    ["DewarpData", "DewarpData"],
    ["DewarpFlag", "DewarpFlag"],
    ["FlightPitchDegree", "FlightPitchDegree", real],
    ["FlightRollDegree", "FlightRollDegree", real],
    ["FlightXSpeed", "FlightXSpeed", real],
    ["FlightYSpeed", "FlightYSpeed", real],
    ["FlightYawDegree", "FlightYawDegree", real],
    ["FlightZSpeed", "FlightZSpeed", real],
    ["GimbalPitchDegree", "GimbalPitchDegree", real],
    ["GimbalReverse", "GimbalReverse"],
    ["GimbalRollDegree", "GimbalRollDegree", real],
    ["GimbalYawDegree", "GimbalYawDegree", real],
    ["GpsLatitude", "GPSLatitude", low(decimalLatitude)],
    ["GpsLongitude", "GPSLongitude", low(decimalLongitude)],
    ["GpsLongtitude", "GPSLongtitude", low(decimalLongitude)],
    ["Latitude", "Latitude", decimalLatitude],
    ["Longitude", "Longitude", decimalLongitude],
    ["RelativeAltitude", "RelativeAltitude", real],
    ["RtkFlag", "RtkFlag"],
    ["RtkStdHgt", "RtkStdHgt", real],
    ["RtkStdLat", "RtkStdLat", real],
    ["RtkStdLon", "RtkStdLon", real],
    ["SelfData", "SelfData"],
  ],
};

export const sdc: XmpNamespace = {
  prefix: "sdc",
  rows: [
    ["about", "About"],
    ["appname", "AppName"],
    ["appversion", "AppVersion"],
    ["version", "Version"],
  ],
};

export const ast: XmpNamespace = {
  prefix: "ast",
  rows: [
    ["GPSAltitude", "GPSAltitude", nikonAltitude],
    ["GPSAltitudeRef", "GPSAltitudeRef", nikonByteChoice({ 0: "Above Sea Level", 1: "Below Sea Level" })],
    ["GPSImgDirection", "GPSImgDirection", nikonDirection],
    ["GPSImgDirectionRef", "GPSImgDirectionRef", { print: { M: "Magnetic North", T: "True North" } }],
    ["GPSLatitude", "GPSLatitude", nikonCoordinate],
    ["GPSLatitudeRef", "GPSLatitudeRef", nikonChoice({ 0: "North", 1: "South" })],
    ["GPSLongitude", "GPSLongitude", nikonCoordinate],
    ["GPSLongitudeRef", "GPSLongitudeRef", nikonChoice({ 2: "East", 3: "West" })],
    ["GPSMapDatum", "GPSMapDatum"],
    ["GPSVersionID", "GPSVersionID", nikonVersion],
    ["IPTC", "IPTC", binary],
    ["XMLPackets", "XMLPackets", binary],
    ["about", "About"],
    ["version", "Version"],
  ],
};

export const nine: XmpNamespace = {
  prefix: "nine",
  rows: [
    ["Label", "Label"],
    ["NineEdits", "NineEdits", binary],
    ["Rating", "Rating"],
    ["Trim", "Trim", base64Bytes],
    ["about", "About"],
    ["version", "Version"],
  ],
};

export const xmpDSA: XmpNamespace = {
  prefix: "xmpDSA",
  rows: [
    ["ApplyAutomatically", "ApplyAutomatically", low(boolean)],
    ["CorrectionAlreadyApplied", "CorrectionAlreadyApplied", low(boolean)],
    ["FocalLength35mm", "FocalLength35mm", low(real)],
    ["NormalizedCropCorners", "NormalizedCropCorners", low(list(real))],
    ["PitchAngle", "PitchAngle", low(real)],
    ["RollAngle", "RollAngle", low(real)],
    ["ScalingFactorHeight", "ScalingFactorHeight", low(real)],
    ["TargetAspectRatio", "TargetAspectRatio", low(real)],
    ["ValidCropCorners", "ValidCropCorners", low(boolean)],
    ["Version", "Version", low()],
  ],
};
