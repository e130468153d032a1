/**
 * Offsets from UTC, in minutes, that some zone has or had since 1970, from which on the tz database tells zones apart
 * (IANA tz database 2025b).
 */
const ZONE_OFFSETS: readonly number[] = [
  ...[-720, -660, -640, -630, -600, -570, -540, -510, -480, -420, -360, -300, -270, -240, -225, -210, -180, -150, -120, -90, -60],
  ...[0, 60, 120, 180, 210, 240, 270, 300, 330, 345, 360, 390, 420, 450, 480, 510, 525, 540, 570, 585],
  ...[600, 630, 660, 690, 720, 750, 765, 780, 825, 840],
];

/** The offset of a zone that is at most `tolerance` minutes away, undefined if there is none. Zones are ten minutes apart or more. */
export function zoneOffset(minutes: number, tolerance: number): number | undefined {
  return ZONE_OFFSETS.find((offset) => Math.abs(offset - minutes) <= tolerance);
}
