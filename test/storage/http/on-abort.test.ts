import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { onAbort } from "../../../src/storage/http/on-abort.ts";

test("ends what it was given and what was not taken back, by one listener", () => {
  const abort = new AbortController();
  const ended: string[] = [];
  const takeBack = ["a", "b", "c"].map((name) => onAbort(abort.signal, () => ended.push(name)));
  takeBack[1]?.();
  onAbort(abort.signal, () => ended.push("d"));
  // Its place is another's now.
  takeBack[1]?.();
  expect(getEventListeners(abort.signal, "abort")).toHaveLength(1);
  abort.abort();
  expect(ended.sort()).toEqual(["a", "c", "d"]);
});
