/**
 * The fields of a structure whose names a file chose. `Object.entries` and `Object.values` take quadratic time in V8 if
 * the names are indexes whose hashes collide.
 */
export function ownFields<T>(structure: { readonly [name: string]: T }): (readonly [name: string, value: T])[] {
  const fields: (readonly [name: string, value: T])[] = [];
  for (const name of Object.keys(structure)) if (Object.hasOwn(structure, name)) fields.push([name, structure[name] as T]);
  return fields;
}
