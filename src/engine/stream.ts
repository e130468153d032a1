/** Streams as chunks of bytes: web streams, Node's, and whatever else can be iterated. */
import { bytesOf } from "./bytes.ts";

export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

export function isStream(value: unknown): value is ByteStream {
  return typeof value === "object" && value !== null && ("getReader" in value || Symbol.asyncIterator in value);
}

/** @throws ImagemetaError NOT_AN_IMAGE if a chunk is not bytes */
export function chunksOf(stream: ByteStream): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      // Not the iterator of a web stream: Safari's has none, and one that waits for a chunk cannot be ended.
      const iterator = "getReader" in stream ? readerOf(stream) : stream[Symbol.asyncIterator]();
      return {
        async next() {
          const { done, value } = await iterator.next();
          return done ? { done, value: undefined } : { done: false, value: bytesOf(value, "a chunk of the stream") };
        },
        async return() {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

function readerOf(stream: ReadableStream<Uint8Array>): AsyncIterator<Uint8Array> {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done || value === undefined ? { done: true, value: undefined } : { done: false, value };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
