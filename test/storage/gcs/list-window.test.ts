import { expect, test } from "vitest";
import { ListWindow } from "../../../src/storage/gcs/list-window.ts";

test("opens by what is taken at once, closes where pages wait, within its bounds", () => {
  const window = new ListWindow();
  const least = window.objects;
  expect(least).toBe(16_000);
  for (let page = 0; page < 10; page++) window.arrived(1000, 0);
  expect(window.objects).toBe(26_000);
  window.arrived(5000, 1);
  expect(window.objects).toBe(21_000);
  for (let page = 0; page < 100; page++) window.arrived(1000, 2);
  expect(window.objects).toBe(least);
  for (let page = 0; page < 100; page++) window.arrived(5000, 0);
  expect(window.objects).toBe(64_000);
});
