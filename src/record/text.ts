/** Records as JSON, in the parts that stores keep. A record that came as text from another process is not written again. */
import type { ImageRecord } from "./types.ts";

export interface RecordText {
  readonly uri: string;
  /** The record's `object`. */
  readonly object: string;
  /** All else but `uri` and `object`. */
  readonly content: string;
}

const texts = new WeakMap<ImageRecord, RecordText>();

export function recordText(record: ImageRecord): RecordText {
  return (
    texts.get(record) ?? {
      uri: JSON.stringify(record.uri),
      object: JSON.stringify(record.object),
      // A copy without rest properties: those would cost as much as the JSON.
      content: JSON.stringify({ ...record, uri: undefined, object: undefined }),
    }
  );
}

/** The record of a text, whose fields have their usual order. The text is kept for as long as the record is. */
export function parseRecordText(text: RecordText): ImageRecord {
  const { uri, object, content } = text;
  const headLength = content.indexOf(",", content.indexOf('"values":'));
  const head = content.slice(0, headLength);
  const record: ImageRecord = JSON.parse(`${head},"uri":${uri},"object":${object}${content.slice(headLength)}`);
  texts.set(record, text);
  return record;
}
