/** What a dry run says. */
import { costsOf, type Estimate, secondsOf } from "../pipeline/scan/estimate.ts";
import { INTERNET, PRICES_AS_OF, PRICES_SOURCE } from "../pipeline/scan/prices.ts";
import { duration, sizeText } from "./progress.ts";

export function estimateText(estimate: Estimate, concurrency: number, processes: number, isBucket: boolean): string {
  const { listed, leftOut, unchanged, toUpdate, toRead, listRequests, bytes, classes } = estimate;
  const reads = [...classes.values()].reduce((sum, { requests }) => sum + requests, 0);
  const number = (count: number) => count.toLocaleString("en-US");
  const lines: [string, string][] = [
    ["images listed", number(listed)],
    ["other objects", number(leftOut)],
    ["unchanged", number(unchanged)],
    ["new metadata only", number(toUpdate)],
    ["to read", number(toRead)],
  ];
  if (isBucket) {
    const costs = costsOf(estimate);
    const dollars = (amount: number) => `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
    const ofClasses = [...classes].map(([name, { requests }]) => `${name} ${number(requests)}`).join(", ");
    lines.push(
      ["requests to list", `${number(listRequests)} (Class A, ${dollars(costs.lists)}; they are made again by the scan)`],
      ["requests to read", `${number(reads)} (Class B, ${dollars(costs.reads)}${ofClasses === "" ? "" : `; ${ofClasses}`})`],
      ["bytes to read", `${number(bytes)} (${sizeText(bytes)}; retrieval ${dollars(costs.retrieval)})`],
      ["money", `${dollars(costs.total)}`],
      ["time", `about ${duration(secondsOf(reads, concurrency, processes))}`],
    );
  } else {
    lines.push(["bytes to read", `${number(bytes)} (${sizeText(bytes)})`]);
  }
  const width = Math.max(...lines.map(([name]) => name.length));
  const text = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return `${[...text, ...(isBucket ? notes(estimate) : [])].join("\n")}\n`;
}

function notes({ classes, bytes }: Estimate): string[] {
  const lines = [
    "",
    `Prices of ${PRICES_AS_OF} for one region, before discounts: ${PRICES_SOURCE}`,
    `Within the bucket's region the network is free; to the internet these bytes cost up to $${((bytes / 2 ** 30) * INTERNET).toFixed(2)} more.`,
    "One request an image is what nineteen of twenty take; each of the others takes one or more besides.",
  ];
  const cold = [...classes.keys()].filter((name) => ["NEARLINE", "COLDLINE", "ARCHIVE"].includes(name));
  if (cold.length > 0)
    lines.push(
      `Warning: objects of ${cold.join(", ")} are read. If the bucket has Autoclass, reading moves them to Standard, where they cost more to keep (and there is no retrieval fee). --storage-class STANDARD leaves them out.`,
    );
  return lines;
}
