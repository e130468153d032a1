import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../../src/metadata/read.ts";
import { box, bytesOf, fileType, fullBox, movie, u16s } from "../../../builders/heif.ts";
import { u32s } from "../../../builders/png.ts";
import { lawOfTruncation, lawOfWindows } from "../../../laws.ts";

describe("HEIF image sequences", () => {
  it("reads the movie and its tracks", () => {
    const sound = box("mp4a", u32s(0, 1), u32s(0, 0), u16s(2, 16, 0, 0), u32s(48_000 * 0x10000));
    const bytes = bytesOf(
      fileType("msf1", "msf1", "hevc"),
      movie({ width: 256, height: 144, samples: 9 }, { handler: "soun", entry: sound, wide: true }),
      box("mdat", Buffer.alloc(100)),
    );
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "HEIFS", width: 256, height: 144, warnings: [] });
    expect(summary).toMatchObject({ frames: 9, animated: true });
    expect(tags.QuickTime).toMatchObject({
      CreateDate: "2020:01:02 03:04:05",
      TimeScale: 1000,
      Duration: "0.50 s",
      PreferredRate: 1,
      PreferredVolume: "100.00%",
      MatrixStructure: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      PreviewTime: "0 s",
      NextTrackID: 3,
    });
    expect(tags.Track1).toEqual({
      TrackHeaderVersion: 0,
      TrackCreateDate: "2020:01:02 03:04:05",
      TrackModifyDate: "2020:01:02 03:04:05",
      TrackID: 1,
      TrackDuration: "0.50 s",
      TrackLayer: 0,
      TrackVolume: "0.00%",
      MatrixStructure: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      ImageWidth: 256,
      ImageHeight: 144,
      MediaHeaderVersion: 0,
      MediaCreateDate: "2020:01:02 03:04:05",
      MediaModifyDate: "2020:01:02 03:04:05",
      MediaTimeScale: 90_000,
      MediaDuration: "0.50 s",
      MediaLanguageCode: "und",
      HandlerType: "Picture",
      HandlerDescription: "Sequence",
      GraphicsMode: "srcCopy",
      OpColor: [0, 0, 0],
      OtherFormat: "hvc1",
    });
    expect(tags.Track2).toMatchObject({
      TrackHeaderVersion: 1,
      TrackID: 2,
      TrackDuration: "0.50 s",
      MediaDuration: "0.50 s",
      HandlerType: "Audio Track",
      Balance: 0,
      AudioFormat: "mp4a",
      AudioChannels: 2,
      AudioBitsPerSample: 16,
      AudioSampleRate: 48_000,
    });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("reads film tracks and the item list", () => {
    const entry = box(
      "avc1",
      Buffer.alloc(24),
      u16s(1920, 1080),
      u32s(72 * 0x10000, 72 * 0x10000, 0),
      u16s(1),
      4,
      "H264",
      Buffer.alloc(27),
      u16s(24, 0xffff),
      box("pasp", u32s(1, 1)),
      box("btrt", u32s(1, 2, 3)),
    );
    const film = movie({ handler: "vide", width: 1920, height: 1080, samples: 30, entry });
    const list = box("udta", fullBox("meta", 0, 0, box("ilst", box("\xa9too", box("data", u32s(1, 0), "Encoder 1")))));
    const moov = box("moov", film.subarray(8), list);
    const { tags, summary } = readMetadataSync(bytesOf(fileType("msf1"), moov, box("mdat", Buffer.alloc(40))));
    expect(summary.frames).toBe(30);
    expect(tags.ItemList).toEqual({ Encoder: "Encoder 1" });
    expect(tags.Track1).toMatchObject({
      CompressorID: "avc1",
      SourceImageWidth: 1920,
      SourceImageHeight: 1080,
      XResolution: 72,
      CompressorName: "H264",
      BitDepth: 24,
      PixelAspectRatio: "1:1",
      BufferSize: 1,
      MaxBitrate: 2,
      AverageBitrate: 3,
      VideoFrameRate: 10,
    });
  });
});
