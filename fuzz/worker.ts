/** A process that fuzzes one target by an order on its command line, and reports to its parent. */
import { builtParts } from "./built.ts";
import { dictionaryOf } from "./dictionary.ts";
import { engineAt } from "./engine.ts";
import { Search } from "./search.ts";
import { seedsOf } from "./seeds.ts";
import type { Order, Report } from "./shared.ts";
import { dissect } from "./structure/dissect.ts";
import { findTarget } from "./targets.ts";

const order = JSON.parse(process.argv[2] ?? "") as Order;
const engine = await engineAt(order.engine);
const target = findTarget(engine, order.target);
const send = (report: Report): void => void process.send?.(report);
const donors = builtParts.map((bytes) => dissect(Buffer.from(bytes)));
const search = new Search(
  order,
  engine,
  target,
  seedsOf(engine, target, order.replay ? order.kept : undefined),
  dictionaryOf(engine.root),
  donors,
  (finding) => send({ finding }),
);
await search.run(
  () =>
    new Promise((resolve) => {
      send({ progress: search.progress });
      setImmediate(resolve);
    }),
);
send({ progress: search.progress });
process.disconnect();
