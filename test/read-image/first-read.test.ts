import { expect, test } from "vitest";
import { FirstRead } from "../../src/read-image/first-read.ts";

const KiB = 1024;
const photos = { bucket: "photos", contentType: "image/jpeg" };

test("asks for 64 KiB before anything is known, never for more than there is", () => {
  const first = new FirstRead();
  expect(first.size(undefined)).toBe(64 * KiB);
  expect(first.size({ ...photos, size: 1000 })).toBe(1000);
});

test("takes small images whole, until they are known to need less, and learns nothing of large ones from them", () => {
  const first = new FirstRead();
  expect(first.size({ ...photos, size: 100 * KiB })).toBe(100 * KiB);
  for (let i = 0; i < 400; i++) first.learn({ ...photos, size: 100 * KiB }, 20 * KiB);
  expect(first.size({ ...photos, size: 100 * KiB })).toBe(32 * KiB);
  expect(first.size({ ...photos, size: 1000 * KiB })).toBe(64 * KiB);
});

test("grows to what 95 % need, after a few have needed it", () => {
  const first = new FirstRead();
  for (let i = 0; i < 2; i++) first.learn(photos, 150 * KiB);
  expect(first.size(photos)).toBe(64 * KiB);
  for (let i = 0; i < 2; i++) first.learn(photos, 150 * KiB);
  expect(first.size(photos)).toBe(160 * KiB);
});

test("shrinks where little is needed, and stays between 16 and 256 KiB", () => {
  const first = new FirstRead();
  for (let i = 0; i < 200; i++) first.learn(photos, 10);
  expect(first.size(photos)).toBe(16 * KiB);
  for (let i = 0; i < 200; i++) first.learn(photos, 10 << 20);
  expect(first.size(photos)).toBe(256 * KiB);
});

test("one image in a hundred that needs more does not make all of them cost more", () => {
  const first = new FirstRead();
  for (let i = 0; i < 1000; i++) first.learn(photos, i % 100 === 50 ? 250 * KiB : 30 * KiB);
  expect(first.size(photos)).toBe(32 * KiB);
});

test("forgets what is no longer recent", () => {
  const first = new FirstRead();
  for (let i = 0; i < 300; i++) first.learn(photos, 200 * KiB);
  for (let i = 0; i < 200; i++) first.learn(photos, 40 * KiB);
  expect(first.size(photos)).toBe(48 * KiB);
});

test("each bucket and content type has its own", () => {
  const first = new FirstRead();
  for (let i = 0; i < 200; i++) first.learn(photos, 150 * KiB);
  expect(first.size({ bucket: "photos", contentType: "image/png" })).toBe(32 * KiB);
  expect(first.size({ bucket: "others", contentType: "image/jpeg" })).toBe(64 * KiB);
});
