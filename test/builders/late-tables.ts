/** A TIFF file that needs the tables of GeoTIFF, of Kodak's directory and of Apple's maker notes. */
import { appleNotes, number } from "./apple.ts";
import { tiff } from "./tiff.ts";

export const lateTablesFile = tiff([
  [
    [0x0100, 3, [16]],
    [0x0101, 3, [16]],
    [0x010e, 2, "x".repeat(3000)],
    [0x8290, 4, { directories: [[[0x0401, 2, "10:20"]]] }],
    [0x87af, 3, [1, 1, 0, 1, 1024, 0, 1, 2]],
    [
      0x8769,
      4,
      {
        directories: [
          [
            [0x927c, 7, appleNotes([number(0x0001, 15)])],
            [0x9003, 2, "2024:05:06 07:08:09"],
          ],
        ],
      },
    ],
  ],
]);
