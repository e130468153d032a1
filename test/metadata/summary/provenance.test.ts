import { describe, expect, it } from "vitest";
import { ByteWindow } from "../../../src/metadata/bytes/window.ts";
import { Reading } from "../../../src/metadata/read.ts";
import { pngFile, pngText } from "../../builders/png.ts";

const isGenerated = (keyword: string, text: string) =>
  new Reading(ByteWindow.whole(pngFile(pngText(keyword, text)), 0), {}).attempt().summary.aiGenerated;

describe("marks of generators", () => {
  it.each(["a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7", `${"a cat, ".repeat(100)}\nSteps: 1 Steps: 20, Size: 1x1\nSampler: x`])(
    "finds the sampler's settings in %j",
    (text) => expect(isGenerated("parameters", text)).toBe(true),
  );

  it.each([
    "Sampler: Euler a, Steps: 20",
    "Steps: many, Sampler: Euler a",
    "Steps: 20, Resampler: x",
    "Steps: 20Sampler: x",
    `Steps: ${"1".repeat(10_000)}`,
  ])("does not find them in %j", (text) => expect(isGenerated("parameters", text)).toBeUndefined());

  it("looks for them in the first MiB of a text", () => {
    const settings = "Steps: 20, Sampler: x";
    const limits = (padding: number) => `${" ".repeat(padding)}${settings}`;
    expect(isGenerated("parameters", limits((1 << 20) - settings.length))).toBe(true);
    expect(isGenerated("parameters", limits(1 << 20))).toBeUndefined();
  });
});
