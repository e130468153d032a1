/**
 * Which addresses a web address may lead to. Link-local ones and the metadata servers of clouds, which give credentials to every caller on
 * the machine, are never asked. A server that redirects to another origin cannot lead into a private network. A name is judged by the
 * addresses that are then connected to, so that it cannot change in between; an IPv6 address also by the IPv4 addresses within it.
 */
import { type LookupAddress, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { ImagemetaError } from "../../record/errors.ts";

export interface Guard {
  readonly name: string;
  /** Looks a name up as `dns.lookup` does, and fails where it leads to what is not asked. */
  readonly lookup: LookupFunction;
  /** Judges a host that is an address itself, and is never looked up. @throws ImagemetaError FORBIDDEN */
  check(host: string): void;
}

/** RFC 3927, and RFC 4291 section 2.5.6. */
const LINK_LOCAL: readonly string[] = ["169.254.0.0/16", "fe80::/10"];

/** Metadata servers that are not link-local, as the documentation of the clouds names them. */
const METADATA_SERVERS: readonly string[] = [
  // Amazon (its other services of a machine too), Google, Oracle, Scaleway.
  ...["fd00:ec2::/32", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128", "fd00:42::42/128"],
  // Alibaba, Azure, Oracle's classic cloud.
  ...["100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"],
];

/** What the registries of special-purpose addresses (RFC 6890) do not call global, multicast, and prefixes that hold an IPv4 address. */
const NOT_PUBLIC: readonly string[] = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15"],
  ...["224.0.0.0/4", "240.0.0.0/4", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"],
  ...["fc00::/7", "fec0::/10", "ff00::/8"],
];

const NEVER_ASKED = [...LINK_LOCAL, ...METADATA_SERVERS];

/** For an address that was given. */
export const notLinkLocal = guard("not link-local", NEVER_ASKED, "an address of a metadata server or of the local link");
/** For where another origin redirects to. */
export const publicOnly = guard(
  "public",
  [...NEVER_ASKED, ...NOT_PUBLIC],
  "a private address, and a redirect of another server leads there; if it is meant, give that address itself",
);

function guard(name: string, ranges: readonly string[], what: string): Guard {
  const blocked = new BlockList();
  for (const range of ranges) {
    const [network = "", bits] = range.split("/");
    blocked.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
  }
  const isBlocked = (address: string): boolean =>
    isIP(address) === 6
      ? blocked.check(address, "ipv6") || embeddedAddresses(address).some((within) => blocked.check(within, "ipv4"))
      : blocked.check(address, "ipv4");
  const refusal = (host: string, address: string): ImagemetaError | undefined =>
    isBlocked(address)
      ? new ImagemetaError("FORBIDDEN", `${host} is not read: ${host === address ? "it" : address} is ${what}`)
      : undefined;
  return {
    name,
    lookup(host, options, done) {
      lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        const refused = error ?? addresses.map(({ address }) => refusal(host, address)).find((found) => found !== undefined);
        const [first] = addresses ?? [];
        if (refused) done(refused, []);
        else if (options.all) done(null, addresses);
        else done(null, first?.address ?? "", first?.family);
      });
    },
    check(host) {
      const address = host.replace(/^\[|\]$/g, "");
      const refused = isIP(address) === 0 ? undefined : refusal(address, address);
      if (refused !== undefined) throw refused;
    },
  };
}

/** Where IPv6 addresses have an IPv4 address within them: by their first digits, the places of its four bytes. */
const EMBEDDINGS: readonly (readonly [digits: RegExp, ...places: readonly number[][]])[] = [
  // Compatible, mapped (RFC 4291 section 2.5.5), translated (RFC 2765), NAT64 (RFC 6052), ISATAP (RFC 5214).
  [/^(?:0{24}|0{20}ffff|0{16}ffff0000|0064ff9b0{16}|.{16}0[02]005efe)/, [12, 13, 14, 15]],
  // NAT64 of one network (RFC 8215): with prefixes of 48, 56, 64 and 96 bits.
  [/^0064ff9b0001/, [6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], [12, 13, 14, 15]],
  // 6to4 (RFC 3056), and the server of Teredo (RFC 4380).
  [/^2002/, [2, 3, 4, 5]],
  [/^20010000/, [4, 5, 6, 7]],
];

function embeddedAddresses(address: string): readonly string[] {
  const bytes = toBytes(address);
  const digits = bytes.toString("hex");
  const found = EMBEDDINGS.filter(([prefix]) => prefix.test(digits)).flatMap(([, ...places]) =>
    places.map((place) => place.map((at) => bytes[at]).join(".")),
  );
  // The client of Teredo has its bits inverted.
  return digits.startsWith("20010000") ? [...found, [...bytes.subarray(12)].map((byte) => byte ^ 0xff).join(".")] : found;
}

/** The 16 bytes of an IPv6 address. A URL has it in one form, with hexadecimal groups alone. */
function toBytes(address: string): Buffer {
  const [unscoped = ""] = address.split("%");
  const [head = "", tail] = new URL(`http://[${unscoped}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string | undefined): string[] => (text ? text.split(":") : []).map((group) => group.padStart(4, "0"));
  const [first, last] = [groups(head), groups(tail)];
  return Buffer.from([...first, ...Array<string>(8 - first.length - last.length).fill("0000"), ...last].join(""), "hex");
}
