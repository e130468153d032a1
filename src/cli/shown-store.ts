/** The address of a store as it may be shown: a password in it is not for a log. */
export function shownStore(to: string): string {
  return to.replace(/^(\w+:\/\/[^/@]*):[^/@]*@/, "$1:…@");
}
