/**
 * How far a recovery has come, in the catalogue: a restart goes on there. Its time stands there before anything is connected or
 * published, for what is published and processed makes the catalogue's newest record newer.
 */
import type { Catalogue } from "../../stores/contract.ts";
import type { Position } from "./planned-events.ts";

type Settings = Pick<Catalogue, "getSetting" | "putSetting">;

export interface Cursor {
  /** What makes it the same recovery: the addresses it is about, the topic, and what `--since` says. */
  readonly uriPrefix: string;
  readonly topic: string;
  readonly word: string;
  /** RFC 3339; absent where the time does not matter. */
  readonly since?: string;
  readonly published: number;
  /** Up to here all is published; absent where nothing is, or the bucket was disconnected meanwhile. */
  readonly position?: Position;
  /** When that was, RFC 3339. */
  readonly at?: string;
}

const keyOf = (bucket: string): string => `recovering:${bucket}`;

export async function cursorOf(store: Settings, bucket: string): Promise<Cursor | undefined> {
  const said = await store.getSetting(keyOf(bucket));
  return said === undefined ? undefined : (JSON.parse(said) as Cursor);
}

export function putCursor(store: Settings, bucket: string, cursor: Cursor | undefined): Promise<void> {
  return store.putSetting(keyOf(bucket), cursor && JSON.stringify(cursor));
}

/** The bucket is disconnected: an object that was passed may change again without an event. */
export async function forgetPosition(store: Settings, bucket: string): Promise<void> {
  const cursor = await cursorOf(store, bucket);
  if (cursor?.position === undefined) return;
  await putCursor(store, bucket, withoutPosition(cursor));
}

/** The same recovery from its beginning on. */
function withoutPosition({ position: _, at: __, ...rest }: Cursor): Cursor {
  return { ...rest, published: 0 };
}
