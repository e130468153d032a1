import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Guard, notLinkLocal, publicOnly } from "../../../src/storage/http/addresses.ts";

const METADATA_SERVERS = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192"];

/** An IPv4 address within IPv6 ones, in each form that leads to it. */
function formsOf(address: string): readonly string[] {
  const bytes = address.split(".").map(Number);
  const hex = (...values: number[]): string => values.map((value) => value.toString(16).padStart(2, "0")).join("");
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const [high, low] = [hex(a, b), hex(c, d)];
  const [notHigh, notLow] = [hex(a ^ 0xff, b ^ 0xff), hex(c ^ 0xff, d ^ 0xff)];
  return [
    `::ffff:${address}`,
    `::ffff:${high}:${low}`,
    `0:0:0:0:0:ffff:${address}`,
    `::${address}`,
    `::ffff:0:${address}`,
    `64:ff9b::${address}`,
    `64:FF9B:0:0:0:0:${high}:${low}`,
    `64:ff9b:1:${high}:${hex(0, c)}:${hex(d, 0)}::`,
    `64:ff9b:1:${hex(7, a)}:${hex(0, b)}:${low}::`,
    `64:ff9b:1:7:${hex(0, a)}:${hex(b, c)}:${hex(d, 0)}:0`,
    `64:ff9b:1:7:7:7:${high}:${low}`,
    `2002:${high}:${low}::1`,
    `2001:0:${high}:${low}:8000:63bf:3fff:fdd2`,
    `2001:0:4136:e378:8000:63bf:${notHigh}:${notLow}`,
    `2001:db8::5efe:${address}`,
    `2001:db8::200:5efe:${address}`,
    `64:ff9b::${address}%eth0`,
  ];
}

const refuses = (guard: Guard, host: string): boolean => {
  try {
    guard.check(host);
    return false;
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("is not read") });
    return true;
  }
};

test.each([notLinkLocal, publicOnly])("refuses metadata servers in all forms, if it lets pass what is $name", (guard) => {
  const hosts = METADATA_SERVERS.flatMap((address) => [address, ...formsOf(address)]);
  const others = ["fe80::1", "fe80::a9fe:a9fe%eth0", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42"];
  expect([...hosts, ...others].filter((host) => !refuses(guard, host))).toEqual([]);
  expect([...hosts, ...others].filter((host) => host.includes(":") && !refuses(guard, `[${host}]`))).toEqual([]);
});

test("refuses private addresses in all forms to redirects, and to nobody else", () => {
  const hosts = ["127.0.0.1", "10.1.2.3", "192.168.0.1"].flatMap((address) => [address, ...formsOf(address)]);
  expect(hosts.filter((host) => !refuses(publicOnly, host))).toEqual([]);
  expect([...hosts, "::1", "fd12::1"].filter((host) => refuses(notLinkLocal, host))).toEqual([]);
});

test("lets public addresses pass, and those that only look like others", () => {
  const hosts = [
    "8.8.8.8",
    "168.63.129.17",
    "100.128.0.1",
    "2600:1901::1",
    "::ffff:8.8.8.8",
    "2a00:a9fe:a9fe::a9fe:a9fe",
    "2001:4860:4860::8888",
  ];
  for (const guard of [notLinkLocal, publicOnly]) expect(hosts.filter((host) => refuses(guard, host))).toEqual([]);
  // A name is judged when it is looked up.
  expect(refuses(notLinkLocal, "metadata.google.internal")).toBe(false);
});

test.each([
  "http://2852039166/",
  "http://0xa9fea9fe/",
  "http://0251.0376.0251.0376/",
  "http://0xa9.0376.43518/",
  "http://169.254.43518/",
  "http://169.254.169.254./",
  "http://①⑥⑨.254.169.254/",
  "http://169。254。169。254/",
  "http://%31%36%39.254.169.254/",
  "http://1684301000/",
  "http://0xA83F8110/",
])("a URL has the host of %s in one form", (url) => {
  expect(refuses(notLinkLocal, new URL(url).hostname)).toBe(true);
});

test("a name is judged by all addresses that it leads to", async () => {
  const lookup = promisify(publicOnly.lookup);
  await expect(lookup("localhost", {})).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: expect.stringMatching(/^localhost is not read: (?:127\.0\.0\.1|::1) is/),
  });
  expect(await promisify(notLinkLocal.lookup)("localhost", { all: true })).not.toHaveLength(0);
});
