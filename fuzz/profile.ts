/** Which of the engine's functions takes the time of a run. */
import { type Profiler, Session } from "node:inspector";

const INTERVAL_US = 500;

/** The function that takes most, as `file function`; a regular expression's time is its caller's. */
export function hottest(root: string, run: () => void): string {
  const session = new Session();
  session.connect();
  const post = <T>(method: string, parameters: object = {}): T => {
    let answer: unknown;
    session.post(method, parameters, (error, result) => {
      if (error !== null) throw error;
      answer = result;
    });
    return answer as T;
  };
  post("Profiler.enable");
  post("Profiler.setSamplingInterval", { interval: INTERVAL_US });
  post("Profiler.start");
  run();
  const { profile } = post<{ profile: Profiler.Profile }>("Profiler.stop");
  session.disconnect();
  return hottestOf(profile, root);
}

function hottestOf({ nodes, samples = [] }: Profiler.Profile, root: string): string {
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const totals = new Map<string, number>();
  const visit = (node: Profiler.ProfileNode, owner: string | undefined): void => {
    const { url, functionName } = node.callFrame;
    const its = url.startsWith(root) ? `${url.slice(root.length)} ${functionName || "anonymous"}` : owner;
    if (its !== undefined) totals.set(its, (totals.get(its) ?? 0) + (counts.get(node.id) ?? 0));
    for (const child of node.children ?? []) {
      const next = byId.get(child);
      if (next !== undefined) visit(next, its);
    }
  };
  const [first] = nodes;
  if (first !== undefined) visit(first, undefined);
  const [best] = [...totals].sort((a, b) => b[1] - a[1]);
  return best?.[0] ?? "outside the engine";
}
