import { expect, test } from "vitest";
import { PushRoom } from "../../../src/pipeline/worker/push-room.ts";

function roomOf(requests: number, bytes: number) {
  const held: number[] = [];
  const evicted: string[] = [];
  const room = new PushRoom({ requests, bytes }, (count) => held.push(count));
  return { room, held, evicted, enter: (name: string) => room.enter(() => evicted.push(name)) };
}

test("charges what has arrived, and counts a request when its body is whole", () => {
  const { room, held, enter } = roomOf(1, 100);
  const [a, b] = [enter("a"), enter("b")];
  expect([a.arrived(40), b.arrived(60), room.held, held]).toEqual([true, true, 0, []]);
  expect([a.hold(), room.isFull, b.hold(), held]).toEqual([true, true, false, [1]]);
  a.leave();
  a.leave();
  expect(b.hold()).toBe(true);
  expect(held).toEqual([1, 0, 1]);
});

test("the oldest bodies that are still arriving make way, those that are held do not", () => {
  const { evicted, enter } = roomOf(10, 100);
  const held = enter("held");
  expect([held.arrived(30), held.hold()]).toEqual([true, true]);
  const [idle, oldest, older] = [enter("idle"), enter("oldest"), enter("older")];
  expect([oldest.arrived(30), older.arrived(30)]).toEqual([true, true]);
  const newest = enter("newest");
  expect([newest.arrived(10), evicted]).toEqual([true, []]);
  expect([newest.arrived(20), evicted]).toEqual([true, ["oldest"]]);
  expect([newest.arrived(40), evicted]).toEqual([true, ["oldest", "older"]]);
  expect(newest.arrived(1)).toBe(false);
  expect([oldest.hold(), older.arrived(1), idle.hold()]).toEqual([false, false, true]);
});

test("an old body that is still arriving takes no room from younger ones", () => {
  const { evicted, enter } = roomOf(10, 100);
  const [old, young] = [enter("old"), enter("young")];
  expect([old.arrived(50), young.arrived(50), old.arrived(1), evicted]).toEqual([true, true, false, []]);
});

test("one body alone is taken, whatever its size", () => {
  const { enter } = roomOf(10, 100);
  const large = enter("large");
  expect([large.arrived(90), large.arrived(90), large.hold()]).toEqual([true, true, true]);
  expect(enter("other").arrived(1)).toBe(false);
});
