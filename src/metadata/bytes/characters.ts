/** Code units as text. */

/** Of one call: engines limit the arguments of a function. */
const MAX_CALL_UNITS = 8192;

/** To spread the units would take several times as long. */
export function characters(units: Uint8Array | Uint16Array): string {
  if (units.length <= MAX_CALL_UNITS) return String.fromCharCode.apply(null, units as unknown as number[]);
  let text = "";
  for (let at = 0; at < units.length; at += MAX_CALL_UNITS) text += characters(units.subarray(at, at + MAX_CALL_UNITS));
  return text;
}
