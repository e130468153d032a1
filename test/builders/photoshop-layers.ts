/** Photoshop's layers as a TIFF keeps them: "Adobe Photoshop TIFF Technical Notes" (2002), ImageSourceData. */

export interface LayerOptions {
  readonly name: string;
  readonly rectangle?: readonly [top: number, left: number, bottom: number, right: number];
  readonly blendMode?: string;
  readonly opacity?: number;
  readonly hidden?: boolean;
  readonly channels?: number;
  readonly maskBytes?: number;
  /** Blocks of additional information: key and content. */
  readonly information?: readonly (readonly [key: string, content: Uint8Array])[];
}

export interface DocumentOptions {
  readonly littleEndian?: boolean;
  /** Of more than 30,000 pixels: some lengths have 64 bits. */
  readonly wide?: boolean;
  /** Blocks before that of the layers. */
  readonly before?: readonly (readonly [key: string, content: Uint8Array])[];
  readonly key?: string;
  /** What the layer record says; as many as there are if left out. */
  readonly count?: number;
  /** Bytes of pixels behind the layer records. */
  readonly pixels?: number;
}

class Writer {
  readonly little: boolean;
  readonly wide: boolean;

  constructor({ littleEndian = false, wide = false }: DocumentOptions) {
    this.little = littleEndian;
    this.wide = wide;
  }

  u16(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    if (this.little) bytes.writeUInt16LE(value & 0xffff);
    else bytes.writeUInt16BE(value & 0xffff);
    return bytes;
  }

  u32(...values: readonly number[]): Buffer {
    return Buffer.concat(
      values.map((value) => {
        const bytes = Buffer.alloc(4);
        if (this.little) bytes.writeUInt32LE(value >>> 0);
        else bytes.writeUInt32BE(value >>> 0);
        return bytes;
      }),
    );
  }

  characters(text: string): Buffer {
    const bytes = Buffer.from(text, "latin1");
    return this.little ? bytes.reverse() : bytes;
  }

  block(key: string, content: Uint8Array, isWide = false): Buffer {
    const length =
      this.wide && isWide ? (this.little ? this.u32(content.length, 0) : this.u32(0, content.length)) : this.u32(content.length);
    return Buffer.concat([this.characters("8BIM"), this.characters(key), length, content, Buffer.alloc(-content.length & 3)]);
  }

  layer(options: LayerOptions): Buffer {
    const { name, rectangle = [0, 0, 8, 8], blendMode = "norm", opacity = 255, hidden = false, channels = 3, maskBytes = 0 } = options;
    const nameBytes = Buffer.from(name, "latin1");
    const extra = Buffer.concat([
      this.u32(maskBytes),
      Buffer.alloc(maskBytes),
      this.u32(8),
      Buffer.alloc(8),
      Buffer.of(nameBytes.length),
      nameBytes,
      Buffer.alloc(-(nameBytes.length + 1) & 3),
      ...(options.information ?? []).map(([key, content]) => this.block(key, content)),
    ]);
    return Buffer.concat([
      this.u32(...rectangle),
      this.u16(channels),
      Buffer.alloc(channels * (this.wide ? 10 : 6)),
      this.characters("8BIM"),
      this.characters(blendMode),
      Buffer.of(opacity, 0, hidden ? 2 : 0, 0),
      this.u32(extra.length),
      extra,
    ]);
  }
}

export function documentData(layers: readonly LayerOptions[], options: DocumentOptions = {}): Buffer {
  const { before = [], key = "Layr", count = layers.length, pixels = 64 } = options;
  const writer = new Writer(options);
  const content = Buffer.concat([writer.u16(count), ...layers.map((layer) => writer.layer(layer)), Buffer.alloc(pixels)]);
  return Buffer.concat([
    Buffer.from(`Adobe Photoshop Document Data ${options.wide ? "V0002" : "Block"}\0`),
    ...before.map(([name, bytes]) => writer.block(name, bytes)),
    writer.block(key, content, true),
  ]);
}

/** The content of a `luni` block. */
export function unicodeName(name: string, littleEndian = false): Buffer {
  const count = Buffer.alloc(4);
  if (littleEndian) count.writeUInt32LE(name.length);
  else count.writeUInt32BE(name.length);
  const text = Buffer.from(name, "utf16le");
  return Buffer.concat([count, littleEndian ? text : text.swap16()]);
}
