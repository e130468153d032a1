/**
 * Objects whose names come from files. While it is filled, such an object has no prototype: `__proto__` is a name like any
 * other, and V8 keeps a table of names instead of making a hidden class for each.
 */
export function dictionary<T>(): Record<string, T> {
  return Object.create(null);
}

/** The filled object as an ordinary one. */
export function ordinary<T extends object>(filled: T): T {
  return Object.setPrototypeOf(filled, Object.prototype);
}
