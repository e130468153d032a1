/**
 * The fields of a structure whose names a file chose. `Object.entries` and `Object.values` take quadratic time in V8 if
 * the names are indexes whose hashes collide.
 */
export function ownFields<T>(structure: { readonly [name: string]: T }): (readonly [name: string, value: T])[] {
  const fields: (readonly [name: string, value: T])[] = [];
  for (const name of Object.keys(structure)) if (Object.hasOwn(structure, name)) fields.push([name, structure[name] as T]);
  return fields;
}

/** Sets a field whose name a file may have chosen: `__proto__` is set like no other name. */
export function setField<T>(structure: Record<string, T>, name: string, value: T): void {
  if (name === "__proto__") Object.defineProperty(structure, name, { value, enumerable: true, writable: true, configurable: true });
  else structure[name] = value;
}
