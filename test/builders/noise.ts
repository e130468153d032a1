/** Text that does not compress well, the same each time. */
export function noise(length: number, salt: number): string {
  let [text, state] = ["", salt + 1];
  while (text.length < length) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    text += state.toString(36);
  }
  return text.slice(0, length);
}
