import { expect, test } from "vitest";
import { zoneOffset } from "../../../src/metadata/summary/zones.ts";

test("knows offsets that zones have, also of the past", () => {
  for (const offset of [-720, -630, -270, -210, 0, 330, 345, 510, 525, 585, 690, 765, 825, 840]) expect(zoneOffset(offset, 0)).toBe(offset);
});

test("knows none that no zone has", () => {
  for (const offset of [-780, -735, -15, 15, 135, 555, 735, 855, 900]) expect(zoneOffset(offset, 1.5)).toBeUndefined();
});

test("is never in doubt between two zones", () => {
  for (let minutes = -900; minutes <= 900; minutes += 0.5) {
    const near = zoneOffset(minutes, 1.5);
    if (near !== undefined) expect(Math.abs(near - minutes)).toBeLessThanOrEqual(1.5);
  }
  expect(zoneOffset(-638.5, 1.5)).toBe(-640);
  expect(zoneOffset(-631.5, 1.5)).toBe(-630);
});
