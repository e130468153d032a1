import { describe, expect, it } from "vitest";
import { readMetadataSync } from "../../../src/metadata/read.ts";
import { gifApplication, gifComment, gifControl, gifFile, gifFrame, gifXmp } from "../../builders/gif.ts";
import { lawOfTruncation, lawOfWindows } from "../../laws.ts";
import { readSparsely } from "../../reading.ts";

const KIB = 1 << 10;
const LOOP = gifApplication("NETSCAPE", "2.0", Buffer.from([1, 0, 0]));

describe("gif", () => {
  it("gives the screen descriptor, extensions and frames", () => {
    const bytes = gifFile(LOOP, gifComment("hello"), gifControl(25, 3), gifFrame(), gifControl(100), gifFrame());
    const { tags, summary, ...record } = readMetadataSync(bytes);
    expect(record).toMatchObject({ format: "GIF", mimeType: "image/gif", width: 2, height: 3, warnings: [] });
    expect(summary).toMatchObject({ frames: 2, animated: true, hasAlpha: true, bitsPerSample: 2, channels: 1 });
    expect(tags.GIF).toEqual({
      GIFVersion: "89a",
      ImageWidth: 2,
      ImageHeight: 3,
      HasColorMap: "Yes",
      ColorResolutionDepth: 8,
      BitsPerPixel: 2,
      BackgroundColor: 1,
      AnimationIterations: "Infinite",
      TransparentColor: 3,
      FrameCount: 2,
      Duration: "1.25 s",
    });
    expect(tags.File?.Comment).toBe("hello");
    expect(readMetadataSync(bytes, { numeric: true }).tags.GIF).toMatchObject({ HasColorMap: 1, AnimationIterations: 0, Duration: 1.25 });
    lawOfWindows(bytes);
    lawOfTruncation(bytes);
  });

  it("says that a still picture is not animated", () => {
    const { tags, summary } = readMetadataSync(gifFile(gifFrame()));
    expect(summary).toMatchObject({ animated: false, hasAlpha: false });
    expect(tags.GIF).not.toHaveProperty("FrameCount");
  });

  it("finds XMP though its text is taken for sub-blocks", () => {
    const packet = `<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>${" ".repeat(3000)}</x:xmpmeta><?xpacket end='w'?>`;
    const bytes = gifFile(gifXmp(packet), gifFrame(), gifComment("after"));
    const { tags, warnings } = readMetadataSync(bytes);
    expect(tags.File?.Comment).toBe("after");
    expect(warnings).toEqual([]);
    lawOfWindows(bytes);
  });

  it("reads the MIDI extensions", () => {
    const control = gifApplication("MIDICTRL", "Jon", Buffer.from([1, 2, 3, 4, 0xff, 0x0f, 50, 0]));
    const song = gifApplication("MIDISONG", "Dm7", Buffer.alloc(300));
    expect(readMetadataSync(gifFile(control, song, gifFrame())).tags.GIF).toMatchObject({
      MIDIControlVersion: 1,
      SequenceNumber: 2,
      MelodicPolyphony: 3,
      PercussivePolyphony: 4,
      ChannelUsage: "0x0fff",
      DelayTime: "0.5 s",
      MIDISong: { bytes: 300 },
    });
  });

  it("does not walk through a large animation unless asked", () => {
    const frames = Array.from({ length: 20 }, () => Buffer.concat([gifControl(10), gifFrame(10 * KIB)]));
    const bytes = gifFile(LOOP, gifComment("before"), ...frames);
    const { content, rounds, bytes: fetched } = readSparsely(bytes);
    expect(rounds).toBe(2);
    expect(fetched).toBeLessThanOrEqual(64 * KIB);
    expect(content.summary).toMatchObject({ animated: true });
    expect(content.summary).not.toHaveProperty("frames");
    expect(content.tags.GIF).not.toHaveProperty("FrameCount");
    expect(content.tags.File?.Comment).toBe("before");
    lawOfWindows(bytes);

    const thorough = readSparsely(bytes, 16 * KIB, { thorough: true });
    expect(thorough.rounds).toBe(2);
    expect(thorough.content.summary.frames).toBe(20);
    expect(thorough.content.tags.GIF).toMatchObject({ FrameCount: 20, Duration: "2.00 s" });
    lawOfWindows(bytes, { thorough: true });
  });

  it("reads a long extension that begins before the horizon to its end", () => {
    const bytes = gifFile(gifComment("x".repeat(100 * KIB)), gifFrame(100 * KIB));
    expect(readSparsely(bytes).content.tags.File?.Comment).toHaveLength(100 * KIB);
    lawOfWindows(bytes);
  });

  it("keeps the first of several comments", () => {
    expect(readMetadataSync(gifFile(gifComment("first"), gifFrame(), gifComment("second"))).tags.File?.Comment).toBe("first");
  });

  it("holds a comment and the number of sub-blocks against the limits", () => {
    const long = readMetadataSync(gifFile(gifComment("x".repeat(2000)), gifFrame()), { limits: { textBytes: 1000 } });
    expect(long.tags.File?.Comment).toHaveLength(1000);
    expect(long.warnings).toMatchObject([{ code: "LIMIT_EXCEEDED", offset: 27 }]);
    const many = Buffer.concat([Buffer.from([0x21, 0xfe]), Buffer.alloc(2 * 65_537, 1)]);
    expect(readMetadataSync(gifFile(many)).warnings).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
  });

  it("warns of an end within a block", () => {
    const bytes = gifFile(gifComment("kept"), gifFrame(1000));
    const { tags, warnings } = readMetadataSync(bytes.subarray(0, -500));
    expect(tags.File?.Comment).toBe("kept");
    expect(warnings).toMatchObject([{ code: "TRUNCATED" }]);
  });
});
