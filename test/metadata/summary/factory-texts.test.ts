import { expect, test } from "vitest";
import { isFactoryText } from "../../../src/metadata/summary/factory-texts.ts";

test.each([
  "OLYMPUS DIGITAL CAMERA",
  "KODAK Digital Still Camera",
  "SKANHEX  DIGITAL CAMERA",
  "MOULTRIE DIGITAL GAME CAMERA",
  "Digital StillCamera",
  "DIGITAL CAMERA",
  "SONY DSC",
  "EPSON DSC picture",
  "Exif_JPEG_PICTURE",
  "Exif_JPEG_422",
  "TOSHIBA Exif JPEG",
  "<KENOX S1050  / Samsung S1050>",
  "<Digimax i5, Samsung #1>",
  "Digimax S500",
  "SAMSUNG CAMERA PICTURES",
  "HELLOMOTO",
  "_cuva",
  "cof",
  "oznorWO",
  "sdr_HDRB",
  "My beautiful picture",
  "C:\\DCIM\\100GOPRO\\GOPR8513.GPR",
  "DCIM\\100MEDIA\\DJI_0001.JPG",
  "IM000286.JPG",
  "DC0014L",
  "CameraID=52.FrameCount=30.lutFilename=.configID=",
  "Created with The GIMP",
  "----",
  "???",
  "null",
])("no person wrote the description %j", (text) => expect(isFactoryText(text, "description")).toBe(true));

test.each([
  "A boat",
  "my digital camera",
  "The digital camera",
  "My first digital camera and I",
  "Mon",
  "Burst",
  "HDR of the bay",
  "DSC 2019",
  "Samsung building",
  "IMG of a cat.jpg in a box",
  "2019",
  "Default settings",
  "-".repeat(300),
])("a person may have written the description %j", (text) => expect(isFactoryText(text, "description")).toBe(false));

test.each([
  "----",
  "--",
  "None",
  "n/a",
  "Unknown",
  "Unknown (0 ff ff)",
  "0mm f/0.0",
  "0.0 mm f/0.0",
  "0.0-0.0 mm f/0.0",
  "DT 0mm F0 SAM",
  "0",
  "65535",
])("%j is not a lens", (text) => expect(isFactoryText(text, "lens")).toBe(true));

test.each(["EF50mm f/1.8 STM", "10mm", "Unknown 18-55mm", "A1234", "GR LENS", "0.5x teleconverter"])("%j is a lens", (text) =>
  expect(isFactoryText(text, "lens")).toBe(false),
);

test.each(["0", "0000000000", "XXXXXXXX", "ffffffff", "0x00000000", "----", "N/A", "0123456789ABCDEF", "123456789", "unknown"])(
  "%j is not a serial number",
  (text) => expect(isFactoryText(text, "serialNumber")).toBe(true),
);

test.each(["2055816", "0000129324", "C3471327755785", "053022005903", "111"])("%j is a serial number", (text) =>
  expect(isFactoryText(text, "serialNumber")).toBe(false),
);
