import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Budget } from "../../../src/metadata/budget.ts";
import { RdfName, RdfReader, RdfVocabulary } from "../../../src/metadata/grammar/rdf.ts";
import { defaultLimits } from "../../../src/record/limits.ts";
import { alternatives, array, xmpPacket } from "../../builders/xmp.ts";

const KNOWN = new Map([
  ["rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"],
  ["x", "adobe:ns:meta/"],
  ["dc", "http://purl.org/dc/elements/1.1/"],
  ["xmp", "http://ns.adobe.com/xap/1.0/"],
]);
const PREFIXES = new Map([...KNOWN].map(([prefix, uri]) => [uri, prefix]));

class Vocabulary extends RdfVocabulary<RdfName> {
  made = 0;

  prefixOf(uri: string): string | undefined {
    return PREFIXES.get(uri);
  }

  uriOf(prefix: string): string | undefined {
    return KNOWN.get(prefix);
  }

  protected make(prefix: string, local: string): RdfName {
    this.made++;
    return new RdfName(prefix, local);
  }

  protected forget(): void {}
}

/** Each property as one line, and the steps that they cost. */
function read(bytes: Uint8Array, vocabulary = new Vocabulary()): { lines: string[]; steps: number } {
  const budget = new Budget(defaultLimits);
  const lines: string[] = [];
  const reader = new RdfReader(budget, vocabulary, ({ path, length, text, language, isAlternative, isBase64, isEmptyStructure }) => {
    const steps = path.slice(0, length).map(({ name, indexes }) => `${name.prefix}:${name.local}${indexes.map((i) => `[${i}]`).join("")}`);
    const marks = [language, isAlternative && "alternative", isBase64 && "base64", isEmptyStructure && "empty"].filter(Boolean);
    lines.push(`${steps.join("/")} = ${text}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`);
  });
  reader.read(bytes, 100);
  vocabulary.settle();
  return { lines, steps: budget.spent.steps };
}

const local = fc.constantFrom("title", "format", "A", "FOO_BAR", "Aa", "BB", "_1", "constructor", "__proto__", "é");
const prefix = fc.constantFrom("dc", "xmp", "ex", "q");
const word = fc.stringMatching(/^[ -%'-;=?-~é]{0,12}$/).map((text) => text.replaceAll('"', ""));
const simple = fc.record({ prefix, local, word });
const properties = fc.array(
  fc.oneof(
    simple.map(({ prefix, local, word }) => `<${prefix}:${local}>${word}</${prefix}:${local}>`),
    simple.map(({ prefix, local, word }) => `<${prefix}:${local} rdf:parseType="Resource"><ex:b>${word}</ex:b></${prefix}:${local}>`),
    simple.map(({ prefix, local, word }) => `<${prefix}:${local}>${array("Bag", word, "2")}</${prefix}:${local}>`),
    simple.map(({ prefix, local, word }) => `<${prefix}:${local}>${alternatives({ fr: word })}</${prefix}:${local}>`),
    simple.map(({ prefix, local, word }) => `<${prefix}:${local} rdf:nodeID="n${word.length % 3}"/>`),
    simple.map(({ prefix, local }) => `<${prefix}:${local} xmlns:q="http://ns.adobe.com/xap/1.0/">`),
    simple.map(({ prefix, local }) => `</${prefix}:${local}>`),
    simple.map(({ prefix, local, word }) => `<rdf:Description ${prefix}:${local}="${word}" ${local}="${word}"/>`),
  ),
  { maxLength: 12 },
);

describe("RDF", () => {
  it("gives each value with its path", () => {
    const packet = xmpPacket(
      `<dc:title>${alternatives({ "x-default": "T" })}</dc:title><ex:s rdf:parseType="Resource"><ex:a>1</ex:a><ex:b>${array("Seq", "2", "3")}</ex:b></ex:s>`,
      { attributes: 'xmp:Label="Red"' },
    );
    expect(read(packet).lines).toEqual([
      "xmp:Label = Red",
      "dc:title[0] = T (x-default, alternative)",
      "ex:s/ex:a = 1",
      "ex:s/ex:b[0] = 2",
      "ex:s/ex:b[1] = 3",
    ]);
  });

  it("gives properties written as attributes like those written as elements", () => {
    fc.assert(
      fc.property(fc.uniqueArray(simple, { selector: ({ prefix, local }) => `${prefix}:${local}`, maxLength: 10 }), (all) => {
        const long = xmpPacket(all.map(({ prefix, local, word }) => `<${prefix}:${local}>${word}</${prefix}:${local}>`).join(""));
        const short = xmpPacket("", { attributes: all.map(({ prefix, local, word }) => `${prefix}:${local}="${word}"`).join(" ") });
        expect(read(short).lines).toEqual(read(long).lines);
      }),
    );
  });

  it("gives the prefixes of known namespaces, whatever the document calls them", () => {
    fc.assert(
      fc.property(properties, (all) => {
        const packet = xmpPacket(all.join(""), { attributes: 'xmp:Label="1"' }).toString();
        const renamed = packet.replaceAll(/\b(dc|xmp)(?=[:=])/g, "my$1");
        expect(read(Buffer.from(renamed)).lines).toEqual(read(Buffer.from(packet)).lines);
      }),
    );
  });

  it("gives the same for the same steps, whichever documents came before", () => {
    const vocabulary = new Vocabulary();
    fc.assert(
      fc.property(properties, (all) => {
        const packet = xmpPacket(all.join(""));
        const first = read(packet);
        expect(read(packet, vocabulary)).toEqual(first);
        expect(read(packet, vocabulary)).toEqual(first);
      }),
    );
  });

  it("looks a name up once", () => {
    const vocabulary = new Vocabulary();
    const packet = xmpPacket("<ex:a>1</ex:a>".repeat(50));
    read(packet, vocabulary);
    const { made } = vocabulary;
    read(packet, vocabulary);
    expect(vocabulary.made).toBe(made);
  });

  it("tells names with one hash from each other", () => {
    const twins = ["AaAa", "AaBB", "BBAa", "BBBB"];
    const packet = xmpPacket([...twins, ...twins].map((name) => `<ex:${name} ex:${name}2="1">1</ex:${name}>`).join(""));
    expect(new Set(read(packet).lines.map((line) => line.split(" ")[0]))).toEqual(
      new Set(twins.flatMap((name) => [`ex:${name}`, `ex:${name}/ex:${name}2`])),
    );
  });

  it("forgets the names of a document that has too many", () => {
    const vocabulary = new Vocabulary();
    read(xmpPacket(Array.from({ length: 11_000 }, (_, i) => `<ex:n${i}/>`).join("")), vocabulary);
    expect(vocabulary.scope.names.size).toBe(0);
  });
});
