/** Minimal GIF files: GIF 89a. */
function subBlocks(data: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}

export function gifComment(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x21, 0xfe]), subBlocks(Buffer.from(text))]);
}

/** `id` has 8 characters, `code` 3. */
export function gifApplication(id: string, code: string, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from(id + code, "latin1"), subBlocks(data)]);
}

/** The packet as it is, then the magic trailer: XMP specification part 3, section 1.1.2. */
export function gifXmp(packet: string): Buffer {
  const trailer = [1, ...Array.from({ length: 256 }, (_, i) => 255 - i), 0];
  return Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from(`XMP DataXMP${packet}`), Buffer.from(trailer)]);
}

/** `delay` in hundredths of a second. */
export function gifControl(delay: number, transparent?: number): Buffer {
  return Buffer.from([0x21, 0xf9, 4, transparent === undefined ? 0 : 1, delay & 255, delay >> 8, transparent ?? 0, 0]);
}

/** A frame with `size` bytes of pixel data. */
export function gifFrame(size = 4): Buffer {
  return Buffer.concat([Buffer.from([0x2c, 0, 0, 0, 0, 2, 0, 3, 0, 0, 2]), subBlocks(Buffer.alloc(size, 0x5a))]);
}

/** A GIF of 2 × 3 pixels with a colour table of four entries. */
export function gifFile(...blocks: readonly Uint8Array[]): Buffer {
  const screen = Buffer.from([2, 0, 3, 0, 0xf1, 1, 0]);
  return Buffer.concat([Buffer.from("GIF89a"), screen, Buffer.alloc(12, 0x80), ...blocks, Buffer.from([0x3b])]);
}
