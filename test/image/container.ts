/**
 * The built image as an engine would run it, without an engine: its root file system read-only in namespaces of its own, with the
 * entry point, the variables and the user that it names. The network is this machine's. It takes root.
 */
import { type ChildProcess, type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

export interface Image {
  /** Where its root file system lies. */
  readonly root: string;
  readonly entrypoint: readonly string[];
  readonly variables: readonly string[];
  readonly user: string;
  readonly healthcheck: readonly string[];
  readonly volumes: readonly string[];
}

export interface RunOptions {
  /** Numbers of user and group, as `--user` takes them; absent, the image's own user. */
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders of this machine, by where they are in the container. */
  readonly volumes?: Readonly<Record<string, string>>;
}

const NAME = "localhost/imagemeta:latest";

export function openImage(): Image {
  const { Docker, OCIv1 } = JSON.parse(execFileSync("buildah", ["inspect", "--type", "image", NAME], { encoding: "utf8" }));
  const container = execFileSync("buildah", ["from", NAME], { encoding: "utf8" }).trim();
  const root = mkdtempSync(`${tmpdir()}/imagemeta-image-`);
  const mounted = execFileSync("buildah", ["mount", container], { encoding: "utf8" }).trim();
  execFileSync("cp", ["-a", `${mounted}/.`, root]);
  execFileSync("buildah", ["rm", container]);
  const { Entrypoint, Env, User, Volumes } = OCIv1.config;
  const [, ...healthcheck] = Docker.config.Healthcheck.Test;
  return { root, entrypoint: Entrypoint, variables: Env, user: User, healthcheck, volumes: Object.keys(Volumes) };
}

export function removeImage({ root }: Image): void {
  rmSync(root, { recursive: true });
}

/** Mounts in namespaces of its own, then becomes the first process. Arguments: root, user, pairs of folders and their places, `--`, the command. */
const START = `
root=$1 user=$2; shift 2
mount --bind "$root" "$root" && mount -o remount,bind,ro "$root" && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 99
while [ "$1" != -- ]; do mount --bind "$1" "$root$2" || exit 99; shift 2; done
shift
exec chroot --userspec="$user" "$root" env --ignore-environment --chdir=/app "$@"`;

/** `docker run --read-only IMAGE ARGUMENTS`. */
export function start(
  image: Image,
  args: readonly string[],
  { user, environment = {}, volumes = {} }: RunOptions = {},
): ChildProcessWithoutNullStreams {
  const places = Object.entries(volumes).flatMap(([place, folder]) => [folder, place]);
  const variables = [...image.variables, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];
  const given = [image.root, user ?? image.user, ...places, "--", ...variables, ...image.entrypoint, ...args];
  return spawn("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", START, "sh", ...given]);
}

/** The number, on this machine, of the first process of a container; undefined until it runs. */
export function firstProcess(child: ChildProcess): number | undefined {
  const said = execFileSync("sh", ["-c", `cat /proc/${child.pid}/task/${child.pid}/children`], { encoding: "utf8" }).trim();
  return said === "" ? undefined : Number(said.split(" ")[0]);
}

/** `docker exec`: a command in the namespaces of a container that runs. Gives its exit code. */
export function execute(
  image: Image,
  child: ChildProcess,
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): number {
  const variables = [...image.variables, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];
  const inside = ["chroot", `--userspec=${image.user}`, image.root, "env", "--ignore-environment", ...variables, ...command];
  try {
    execFileSync("nsenter", [`--target=${firstProcess(child)}`, "--mount", "--pid", ...inside], { stdio: "ignore" });
    return 0;
  } catch (thrown) {
    return (thrown as { status: number }).status;
  }
}
