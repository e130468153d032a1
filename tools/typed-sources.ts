/** Sources as typed syntax trees, from the API of the TypeScript compiler that `npm run check` uses. */
import { dirname, relative, resolve, sep } from "node:path";
import type { Node, SourceFile } from "typescript/unstable/ast";
import { API, type Checker } from "typescript/unstable/sync";

/** A place in a source that breaks a rule. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export type Rule<T> = (source: SourceFile, checker: Checker, at: (node: Node) => { file: string; line: number }) => T[];

/** What `rule` finds in each source of `folder` that belongs to the project of `config`. */
export function inspect<T>(config: string, folder: string, rule: Rule<T>): T[] {
  const root = dirname(resolve(config));
  const api = new API({ cwd: root });
  try {
    const snapshot = api.updateSnapshot({ openProjects: [resolve(config)] });
    const project = snapshot.getProjects()[0];
    if (project === undefined) throw new Error(`${config} is not a project`);
    const files = project.rootFiles.filter((file) => resolve(file).startsWith(resolve(root, folder) + sep));
    if (files.length === 0) throw new Error(`${folder} has no sources`);
    return files.flatMap((file) => {
      const source = project.program.getSourceFile(file);
      if (source === undefined) throw new Error(`${file} cannot be read`);
      const line = (node: Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      return rule(source, project.checker, (node) => ({ file: relative(root, file), line: line(node) }));
    });
  } finally {
    api.close();
  }
}

/** `node` and everything in it. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** Prints the faults and sets the exit status. */
export function report(faults: readonly Fault[]): void {
  for (const { file, line, message } of faults) process.stderr.write(`${file}:${line}: ${message}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
