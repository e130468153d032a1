/** How large the image is, beside the base that it is built on: uncompressed bytes of layers, as `npm run image` left them with buildah. */
import { execFileSync } from "node:child_process";
import type { Measure } from "./measure.ts";

const OURS = "localhost/imagemeta:latest";
const BASE = "docker.io/library/node:24-slim";

interface Layer {
  readonly size: number;
}

function layersOf(image: string): readonly Layer[] {
  const { Manifest } = JSON.parse(
    execFileSync("buildah", ["inspect", "--type", "image", image], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  return JSON.parse(Manifest).layers;
}

const bytes = (layers: readonly Layer[]) => layers.reduce((sum, { size }) => sum + size, 0);

/** Nothing where there is no such image. */
export function measureImageSize(): readonly Measure[] {
  let sizes: readonly [ours: number, base: number];
  try {
    sizes = [bytes(layersOf(OURS)), bytes(layersOf(BASE))];
  } catch {
    process.stdout.write("buildah holds no image: run `npm run image` first: left out\n");
    return [];
  }
  const [ours, base] = sizes;
  const ratio = ours / base;
  const what = `size of the image (${(ours / 1e6).toFixed(1)} MB), beside node:24-slim as it is here (${(base / 1e6).toFixed(1)} MB)`;
  return [{ what, ratio, limit: "at most 1.35", holds: ratio <= 1.35 }];
}
