/** The engine as a web page gets it: bundled from the package, served, and run in Chromium. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { builtinModules } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { type OutputChunk, rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImagemetaError, loadTables, readMetadataSync } from "../../src/engine.ts";
import { buildEngine } from "../../tools/engine-build.ts";
import { corpus } from "../corpus.ts";
import { requireProgram } from "../requirements.ts";

/** Brotli, minified: all that one image needs. */
const MAX_BUNDLE_BYTES = 100_000;
const root = new URL("../..", import.meta.url).pathname;
const samples = `${root}samples/sample-bucket/2024`;

/** A project that has the package installed, as far as the engine goes. */
let project: string;
let chunks: OutputChunk[];
beforeAll(async () => {
  await loadTables();
  project = mkdtempSync(join(tmpdir(), "imagemeta-browser-"));
  const installed = join(project, "node_modules/imagemeta");
  mkdirSync(installed, { recursive: true });
  copyFileSync(`${root}package.json`, join(installed, "package.json"));
  await buildEngine(join(installed, "dist/browser"));
  execFileSync(process.execPath, [
    `${root}node_modules/typescript/bin/tsc`,
    "-p",
    `${root}tsconfig.build.json`,
    "--outDir",
    join(installed, "dist"),
  ]);
  chunks = await bundle(
    'import { readMetadata, readMetadataSync } from "imagemeta/engine"; globalThis.imagemeta = { readMetadata, readMetadataSync };',
  );
});
afterAll(() => rmSync(project, { recursive: true }));

async function bundle(source: string): Promise<OutputChunk[]> {
  const input = join(project, "page.js");
  writeFileSync(input, source);
  const built = await rolldown({ input, platform: "browser", cwd: project });
  const { output } = await built.generate({ format: "esm", minify: true, chunkFileNames: "[name]-[hash].js" });
  await built.close();
  return output.filter((file) => file.type === "chunk");
}

/** The first chunk and what is loaded with it; what it loads later is left out. */
function loadedAtOnce(): OutputChunk[] {
  const loaded = new Set<OutputChunk>();
  const add = (name: string) => {
    const chunk = chunks.find(({ fileName }) => fileName === name);
    if (chunk === undefined) throw new Error(`${name} is imported and not bundled`);
    if (loaded.has(chunk)) return;
    loaded.add(chunk);
    chunk.imports.forEach(add);
  };
  for (const { isEntry, fileName } of chunks) if (isEntry) add(fileName);
  return [...loaded];
}

test("imports no module of Node, nor anything else that is not bundled", () => {
  for (const { imports, dynamicImports, code } of chunks) {
    for (const name of [...imports, ...dynamicImports]) expect(chunks.map(({ fileName }) => fileName)).toContain(name);
    expect(code).not.toMatch(/["'`]node:|\brequire\(|\bprocess\.|\bBuffer\.(from|alloc|concat)/);
    for (const name of builtinModules) expect(code).not.toMatch(new RegExp(`\\b(from|import)\\s*\\(?["'\`]${name}["'\`]`));
  }
});

test(`takes at most ${MAX_BUNDLE_BYTES} bytes, minified and compressed`, () => {
  const bytes = loadedAtOnce().reduce((sum, { code }) => sum + brotliCompressSync(code).length, 0);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
});

test("an import that is not used leaves nothing behind", async () => {
  const unused = await bundle('import { readMetadata } from "imagemeta/engine"; globalThis.done = true;');
  expect(
    unused
      .map(({ code }) => code)
      .join("")
      .trim().length,
  ).toBeLessThan(100);
});

test.each(["bundler", "nodenext"])("has types without those of Node: %s", (resolution) => {
  writeFileSync(
    join(project, "page.ts"),
    `import { ImagemetaError, type ImageMetadata, type MetadataSource, readMetadata, readMetadataSync } from "imagemeta/engine";
     export async function read(file: File, signal: AbortSignal): Promise<string | undefined> {
       const sources: MetadataSource[] = [file, file.stream(), new Uint8Array(4), new ArrayBuffer(4), new DataView(new ArrayBuffer(4)),
         (start: number, end: number) => file.slice(start, end).arrayBuffer(), async (start, end, given) => {
         const answer = await fetch("/photo.jpg", { headers: { range: \`bytes=\${start}-\${end - 1}\` }, signal: given });
         return answer.arrayBuffer();
       }];
       const all: ImageMetadata[] = [readMetadataSync(new Uint8Array(4), { numeric: true })];
       for (const source of sources) all.push(await readMetadata(source, { signal, size: file.size, limits: { requests: 8 } }));
       try { return all[0]?.summary.takenAt; }
       catch (thrown) { return thrown instanceof ImagemetaError ? thrown.code : undefined; }
     }
     // @ts-expect-error
     readMetadataSync("photo.jpg");
     // @ts-expect-error
     void readMetadata(4);
     // @ts-expect-error
     Buffer.from("there are no types of Node");
    `,
  );
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        lib: ["es2024", "dom"],
        types: [],
        target: "es2024",
        module: resolution === "bundler" ? "preserve" : "nodenext",
        moduleResolution: resolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
      },
      files: ["page.ts"],
    }),
  );
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  expect(run([`${root}node_modules/typescript/bin/tsc`, "-p", project])).toBe("");
});

/** What a program prints, also if it fails. */
function run(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, args, { encoding: "utf8" });
  } catch (thrown) {
    return (thrown as { stdout: string }).stdout;
  }
}

/** What the page does with one image. */
interface Seen {
  /** As JSON, or why there is none. */
  readonly result: string;
  /** Bytes that were read of it. */
  readonly bytes: number;
  readonly size: number;
}

const hasChromium = requireProgram("chromium", "apt-get install chromium");
describe.skipIf(!hasChromium)("in Chromium", () => {
  const folders = [samples, ...(corpus === undefined ? [] : [`${corpus}/images`, `${corpus}/malformed`])];
  let server: Server;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const [, first = "", second = ""] = new URL(request.url ?? "", "http://page").pathname.split("/").map(decodeURIComponent);
      const chunk = chunks.find(({ fileName }) => fileName === first);
      const installed = /^\/node_modules\/imagemeta\/dist\/browser\/[\w.-]+\.js$/.exec(request.url ?? "")?.[0];
      if (installed !== undefined)
        response.writeHead(200, { "content-type": "text/javascript" }).end(readFileSync(join(project, installed)));
      else if (first === "browser.html")
        response.writeHead(200, { "content-type": "text/html" }).end(readFileSync(`${root}examples/browser.html`));
      else if (chunk !== undefined) response.writeHead(200, { "content-type": "text/javascript" }).end(chunk.code);
      else if (first === "")
        response.writeHead(200, { "content-type": "text/html" }).end('<!doctype html><script type="module" src="/page.js"></script>');
      else if (folders[Number(first)] !== undefined) response.end(readFileSync(join(folders[Number(first)] as string, second)));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("globalThis.imagemeta !== undefined");
  });
  afterAll(async () => {
    await browser.close();
    server.close();
    server.closeAllConnections();
  });

  /** Reads a file as a `Blob` in the page, by ranges. */
  const readInPage = (address: string): Promise<Seen> =>
    page.evaluate(`(async () => {
      const blob = await (await fetch(${JSON.stringify(address)})).blob();
      const slice = blob.slice;
      let bytes = 0;
      blob.slice = (start, end) => {
        bytes += end - start;
        return slice.call(blob, start, end);
      };
      const rest = () => ({ bytes, size: blob.size });
      return imagemeta.readMetadata(blob).then(
        (metadata) => ({ result: JSON.stringify(metadata), ...rest() }),
        ({ name, code }) => ({ result: name + " " + code, ...rest() }),
      );
    })()`);

  test.each(folders.map((folder, i) => [folder.split("/").slice(-2).join("/"), i] as const))(
    "reads the same as Node: %s",
    { timeout: 300_000 },
    async (_, i) => {
      let [read, of] = [0, 0];
      for (const name of readdirSync(folders[i] as string)) {
        const found = await readInPage(`/${i}/${encodeURIComponent(name)}`);
        expect(found.result, name).toBe(inNode(readFileSync(join(folders[i] as string, name))));
        if (found.size > 1 << 20) [read, of] = [read + found.bytes, of + found.size];
      }
      if (of > 0) expect(read / of).toBeLessThan(0.5);
    },
  );

  function inNode(bytes: Uint8Array): string {
    try {
      return JSON.stringify(readMetadataSync(bytes));
    } catch (thrown) {
      if (!(thrown instanceof ImagemetaError)) throw thrown;
      return `${thrown.name} ${thrown.code}`;
    }
  }

  test("reads bytes without a promise, streams, answers of a server by range, and shared and resizable memory", async () => {
    const athens = readFileSync(join(samples, "athens.jpg"));
    const found = await page.evaluate(`(async () => {
      const bytes = await (await fetch("/0/athens.jpg")).bytes();
      const resizable = new ArrayBuffer(bytes.length, { maxByteLength: 2 * bytes.length });
      const shared = new WebAssembly.Memory({ initial: 10, maximum: 10, shared: true }).buffer;
      const range = async (start, end, signal) =>
        (await fetch("/0/athens.jpg", { signal })).arrayBuffer().then((whole) => whole.slice(start, end));
      for (const memory of [resizable, shared]) new Uint8Array(memory).set(bytes);
      return Promise.all([
        imagemeta.readMetadataSync(bytes),
        imagemeta.readMetadata(new Blob([bytes]).stream()),
        imagemeta.readMetadata(range),
        imagemeta.readMetadata(resizable),
        imagemeta.readMetadata(new Uint8Array(shared, 0, bytes.length)),
      ]);
    })()`);
    const expected = JSON.parse(JSON.stringify(readMetadataSync(athens)));
    expect(found).toEqual(Array(5).fill(expected));
  });

  test("examples/browser.html shows what is in a file, without a bundler", async () => {
    const example = await browser.newPage();
    await example.goto(new URL("/browser.html", page.url()).href);
    const shown = async (file: string) => {
      await example.setInputFiles("input", file);
      return example.waitForFunction("document.querySelector('pre').textContent").then((text) => text.jsonValue());
    };
    expect(await shown(join(samples, "athens.jpg"))).toMatch(/^JPEG\n\{\n {2}"takenAt": "2024-05-18T/);
    await example.reload();
    expect(await shown(`${root}package.json`)).toMatch(/^NOT_AN_IMAGE: /);
  });

  test("gives an ImagemetaError for what is not bytes", async () => {
    const codes = await page.evaluate(`(async () => {
      const gone = new ArrayBuffer(8);
      structuredClone(gone, { transfer: [gone] });
      const wrong = [undefined, "photo.jpg", {}, document, gone, async () => "text", new ReadableStream({ pull: (c) => c.error(1) })];
      const all = [];
      for (const source of wrong) all.push(await imagemeta.readMetadata(source).catch(({ name, code }) => name + " " + code));
      return all;
    })()`);
    const codesOf = ["NOT_AN_IMAGE", "NOT_AN_IMAGE", "NOT_AN_IMAGE", "NOT_AN_IMAGE", "EMPTY", "NOT_AN_IMAGE", "UNAVAILABLE"];
    expect(codes).toEqual(codesOf.map((code) => `ImagemetaError ${code}`));
  });
});
