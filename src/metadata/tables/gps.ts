/** Tags of the GPS directory: Exif 3.1 section 4.6.8. Names and texts: ExifTool 13.59 GPS.pm. */

import { clock, degrees, exifText, gpsDate } from "./exif-values.ts";
import {
  degreesMinutesSeconds,
  gpsAltitudeRefs,
  gpsDifferentials,
  gpsDirectionRefs,
  gpsDistanceRefs,
  gpsLatitudeRefs,
  gpsLongitudeRefs,
  gpsMeasureModes,
  gpsSpeedRefs,
  gpsStatuses,
  joined,
  metres,
  timeStamp,
  withUnit,
} from "./prints.ts";
import { Table } from "./row.ts";

const coordinate = { value: degrees, print: degreesMinutesSeconds };

export const gpsTags = new Table([
  [0x00, "GPSVersionID", { print: joined(".") }],
  [0x01, "GPSLatitudeRef", { print: gpsLatitudeRefs }],
  [0x02, "GPSLatitude", coordinate],
  [0x03, "GPSLongitudeRef", { print: gpsLongitudeRefs }],
  [0x04, "GPSLongitude", coordinate],
  [0x05, "GPSAltitudeRef", { print: gpsAltitudeRefs }],
  [0x06, "GPSAltitude", { print: metres }],
  [0x07, "GPSTimeStamp", { value: clock, print: timeStamp }],
  [0x08, "GPSSatellites"],
  [0x09, "GPSStatus", { print: gpsStatuses }],
  [0x0a, "GPSMeasureMode", { print: gpsMeasureModes }],
  [0x0b, "GPSDOP"],
  [0x0c, "GPSSpeedRef", { print: gpsSpeedRefs }],
  [0x0d, "GPSSpeed"],
  [0x0e, "GPSTrackRef", { print: gpsDirectionRefs }],
  [0x0f, "GPSTrack"],
  [0x10, "GPSImgDirectionRef", { print: gpsDirectionRefs }],
  [0x11, "GPSImgDirection"],
  [0x12, "GPSMapDatum"],
  [0x13, "GPSDestLatitudeRef", { print: gpsLatitudeRefs }],
  [0x14, "GPSDestLatitude", coordinate],
  [0x15, "GPSDestLongitudeRef", { print: gpsLongitudeRefs }],
  [0x16, "GPSDestLongitude", coordinate],
  [0x17, "GPSDestBearingRef", { print: gpsDirectionRefs }],
  [0x18, "GPSDestBearing"],
  [0x19, "GPSDestDistanceRef", { print: gpsDistanceRefs }],
  [0x1a, "GPSDestDistance"],
  [0x1b, "GPSProcessingMethod", { value: exifText }],
  [0x1c, "GPSAreaInformation", { value: exifText }],
  [0x1d, "GPSDateStamp", { read: "undef", value: gpsDate }],
  [0x1e, "GPSDifferential", { print: gpsDifferentials }],
  [0x1f, "GPSHPositioningError", { print: withUnit(" m") }],
]);
