/** A random history of a bucket and the events that tell of it: duplicated, shuffled, with poison among them. */
import { type EventMessage, finalized, messageOf } from "./messages.ts";

export interface HistoryOptions {
  /** Where the bucket `chaos` is served. */
  readonly url: string;
  readonly objects: number;
  readonly events: number;
  /** Share of events that are no events. */
  readonly poison: number;
  readonly images: readonly Buffer[];
  readonly random: () => number;
}

/** Events that wait to be published: one of them, by chance, is the next. */
const SHUFFLED = 500;
/** Share of events that come twice. */
const TWICE = 0.15;

/**
 * Does something to the bucket, then gives an event of what has been done so far, by chance: `events` of them in all.
 * @param poison the data of each poison message is added here
 */
export async function* history({ url, objects, events, poison: share, images, random }: HistoryOptions, poison: Set<string>) {
  const names = Array.from({ length: objects }, (_, i) => `photos/${i % 37}/${i}.jpg`);
  const live = new Map<string, Record<string, unknown>>();
  const waiting: EventMessage[] = [];
  let made = 0;
  /** Objects that were deleted and are not there again. */
  let gone = 0;
  const tell = (...messages: readonly EventMessage[]): void => {
    for (const message of messages) {
      waiting.push(message);
      made++;
      if (random() >= TWICE || made >= events) continue;
      waiting.push(message);
      made++;
    }
  };
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const api = async (method: string, path: string, body?: Buffer | string, type = "image/jpeg") => {
    const answer = await fetch(`${url}${path}`, { method, ...(body === undefined ? {} : { body, headers: { "content-type": type } }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
  };
  const write = async (name: string): Promise<void> => {
    const before = live.get(name);
    const query = new URLSearchParams({ uploadType: "media", name });
    const after = await api("POST", `/upload/storage/v1/b/chaos/o?${query}`, pick(images));
    live.set(name, after);
    tell(...finalized(after, before));
  };
  const act = async (): Promise<void> => {
    const unborn = names[live.size + gone];
    const dice = random();
    if (unborn !== undefined && dice < 0.45) return write(unborn);
    const name = pick(names.slice(0, live.size + gone));
    const object = name === undefined ? undefined : live.get(name);
    if (name === undefined || object === undefined) return name === undefined ? undefined : revive(name);
    const path = `/storage/v1/b/chaos/o/${encodeURIComponent(name)}`;
    if (dice < 0.6) {
      await api("DELETE", path);
      live.delete(name);
      gone++;
      return tell(messageOf("OBJECT_DELETE", object));
    }
    if (dice < 0.8) {
      const changed = await api("PATCH", path, JSON.stringify({ metadata: { turn: String(made) } }), "application/json");
      live.set(name, changed);
      return tell(messageOf("OBJECT_METADATA_UPDATE", changed));
    }
    return write(name);
  };
  const revive = async (name: string): Promise<void> => {
    await write(name);
    gone--;
  };
  while (made < events || waiting.length > 0) {
    if (made < events) {
      if (random() < share * 1.3) {
        const text = `poison ${made}`;
        poison.add(text);
        tell({
          data: Buffer.from(text),
          attributes: pick([{}, { eventType: "OBJECT_EXPLODED" }, { eventType: "OBJECT_FINALIZE", bucketId: "chaos" }]),
        });
      } else await act();
      if (waiting.length < SHUFFLED) continue;
    }
    const [message] = waiting.splice(Math.floor(random() * waiting.length), 1);
    if (message !== undefined) yield message;
  }
}
