import { expect, test } from "vitest";
import { timeCodes, timeCodeTexts } from "../../../src/metadata/tables/time-codes.ts";

test.each([
  ["12.34.56.07.00.00.00.00", "07:56:34.12"],
  ["06.05.04.83.02.01.12.04", "2012-01-02T03:04:05.06-04:00"],
  ["06.05.04.83.60.15.05.84", "2000-01-16T23:04:05.06-04:00"],
  ["06.05.04.83.02.01.70.0a", "1970-01-02T03:04:05.06-00:30"],
  ["06.05.04.83.60.15.05.32", "2005-15-60T03:04:05.06+12:45"],
  ["06.05.04.83.02.01.70.3b 01.02.03.04.05.06.07.08", "1970-01-02T03:04:05.06+04:30 04:03:02.01"],
])("the time code %s", (code, text) => {
  const bytes = code.split(/[. ]/).map((byte) => Number.parseInt(byte, 16));
  expect(timeCodes(bytes)).toBe(code);
  expect(timeCodeTexts(code)).toBe(text);
});
