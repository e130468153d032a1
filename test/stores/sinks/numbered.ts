/** Small records, each told from the others by a number. */
import type { ReadRecord } from "../../../src/record/types.ts";

export function numbered(number: number): ReadRecord {
  const name = `${String(number).padStart(9, "0")}.jpg`;
  return {
    schema: 1,
    engine: "0.1.0",
    values: "numeric",
    uri: `gs://photos/${name}`,
    object: { bucket: "photos", name, generation: String(1_700_000_000_000_000 + number), metageneration: "1", size: number },
    format: "JPEG",
    mimeType: "image/jpeg",
    width: 4000 + (number % 100),
    height: 3000,
    summary: {
      takenAt: "2019-03-13T11:04:13",
      make: "Apple",
      model: `iPhone ${number % 12}`,
      iso: 20 + (number % 800),
      latitude: number / 1e6,
      keywords: ["sea", `no. ${number}`],
    },
    tags: {
      IFD0: { Make: "Apple", Model: `iPhone ${number % 12}`, ImageDescription: `picture ${number}` },
      ExifIFD: { ISO: 20 + (number % 800) },
    },
    warnings: [],
    read: { requests: 1, bytes: 65_536 },
  };
}
