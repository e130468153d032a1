// The checksums of an object: MD5 and CRC32C (Castagnoli), both in base64; the latter big-endian.
// RFC 3720 appendix B.4 (polynomial 0x1EDC6F41, reflected 0x82F63B78); Google Cloud Storage "Data validation".
import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";

/** Both checksums, in base64. */
export interface Checksums {
  readonly md5: string;
  readonly crc32c: string;
}

/** Takes an object's bytes in order and says its checksums at the end. */
export class ChecksumWriter {
  readonly #md5: Hash = createHash("md5");
  #crc = 0;

  write(bytes: Uint8Array): void {
    this.#md5.update(bytes);
    this.#crc = crc32c(bytes, this.#crc);
  }

  end(): Checksums {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(this.#crc);
    return { md5: this.#md5.digest("base64"), crc32c: crc.toString("base64") };
  }
}

const READ_AT_ONCE = 1 << 18;

/** The checksums of a file's bytes. */
export async function checksumsOfFile(path: string): Promise<Checksums> {
  const writer = new ChecksumWriter();
  const bytes = Buffer.allocUnsafe(READ_AT_ONCE);
  const file = await open(path, "r");
  try {
    for (;;) {
      const { bytesRead } = await file.read(bytes, 0, READ_AT_ONCE);
      if (bytesRead === 0) return writer.end();
      writer.write(bytes.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** The same, while nothing else is done: for a file that is about to go. */
export function checksumsOfFileSync(path: string): Checksums {
  const writer = new ChecksumWriter();
  const bytes = Buffer.allocUnsafe(READ_AT_ONCE);
  const file = openSync(path, "r");
  try {
    for (;;) {
      const bytesRead = readSync(file, bytes);
      if (bytesRead === 0) return writer.end();
      writer.write(bytes.subarray(0, bytesRead));
    }
  } finally {
    closeSync(file);
  }
}

// Eight tables of 256: table k moves a byte's remainder k bytes further, so that eight bytes cost eight look-ups ("slicing by 8").
const TABLES = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f63b78 : 0);
  TABLES[byte] = remainder;
}
for (let entry = 256; entry < TABLES.length; entry++) {
  const before = TABLES[entry - 256] as number;
  TABLES[entry] = (before >>> 8) ^ (TABLES[before & 0xff] as number);
}

/** The CRC32C of `bytes`, going on from the CRC32C of what came before. */
function crc32c(bytes: Uint8Array, before = 0): number {
  const table = TABLES;
  const length = bytes.length;
  let crc = ~before;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    crc ^= (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    crc =
      (table[1792 + (crc & 0xff)] as number) ^
      (table[1536 + ((crc >>> 8) & 0xff)] as number) ^
      (table[1280 + ((crc >>> 16) & 0xff)] as number) ^
      (table[1024 + (crc >>> 24)] as number) ^
      (table[768 + (bytes[at + 4] as number)] as number) ^
      (table[512 + (bytes[at + 5] as number)] as number) ^
      (table[256 + (bytes[at + 6] as number)] as number) ^
      (table[bytes[at + 7] as number] as number);
  }
  for (; at < length; at++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return ~crc >>> 0;
}
