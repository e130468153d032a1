/**
 * Which addresses a web address may lead to. Nothing is ever asked of link-local ones and of the metadata servers of clouds, which
 * give credentials to whoever asks from the machine; and a server that redirects to another host cannot lead into a private network. A
 * name is judged by the addresses that are then connected to, so that it cannot change in between.
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

/** RFC 3927, RFC 4291 section 2.5.6; the IPv6 addresses of Amazon's and Google's metadata servers. */
const LINK_LOCAL: readonly string[] = ["169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128"];

/** What the registries of special-purpose addresses (RFC 6890) do not call global, multicast, and prefixes that hold an IPv4 address. */
const NOT_PUBLIC: readonly string[] = [
  ...LINK_LOCAL,
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15"],
  ...["224.0.0.0/4", "240.0.0.0/4", "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fc00::/7", "fec0::/10", "ff00::/8"],
];

/** For an address that was given. */
export const notLinkLocal = guard("not link-local", LINK_LOCAL, "an address of a metadata server or of the local link");
/** For where another host redirects to. */
export const publicOnly = guard(
  "public",
  NOT_PUBLIC,
  "a private address, and another host led there; if it is meant, give that address itself",
);

function guard(name: string, ranges: readonly string[], what: string): Guard {
  const blocked = new BlockList();
  for (const range of ranges) {
    const [network = "", bits] = range.split("/");
    blocked.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
  }
  const refusal = (host: string, address: string): ImagemetaError | undefined =>
    blocked.check(address, isIP(address) === 6 ? "ipv6" : "ipv4")
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
