import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { Config } from "./config.ts";

/**
 * Addresses that are not a public host: this machine, private and carrier networks, link-local (where clouds keep their metadata service),
 * documentation, benchmarks, multicast, and the IPv6 forms that carry an IPv4 address inside. From the IANA registries of special-purpose
 * addresses (RFC 6890 and what followed).
 */
const NOT_PUBLIC: readonly [network: string, prefix: number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 128],
  ["::1", 128],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];

const blocked = new BlockList();
for (const [network, prefix] of NOT_PUBLIC) blocked.addSubnet(network, prefix, network.includes(":") ? "ipv6" : "ipv4");

/** Does this IP address belong to a host that anyone on the internet may reach? An IPv4 address written as IPv6 is judged as IPv4. */
export function isPublicAddress(address: string): boolean {
  const kind = isIP(address);
  return kind !== 0 && !blocked.check(address, kind === 6 ? "ipv6" : "ipv4");
}

/** Where people run Throughline on their own machine, vendors on loopback are stubs of theirs. */
const guards = ({ env }: Config) => env === "production";

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, "$1");

/** Is the host of this URL written as an address that must not be called? Names are judged when they are looked up. */
export function isHiddenAddress(config: Config, url: string): boolean {
  if (!guards(config) || !URL.canParse(url)) return false;
  const host = hostOf(new URL(url));
  return isIP(host) !== 0 && !isPublicAddress(host);
}

const HIDDEN = "This address is not on the public internet.";

/**
 * Why the server must not be made to call a URL that somebody typed, as a sentence for them; null when it may. The name is resolved, and every
 * address it has counts. A name may resolve to something else later: connections to such URLs go through `guardedLookup` as well.
 */
export async function whyNotCall(config: Config, text: string): Promise<string | null> {
  if (!URL.canParse(text)) return "This is not a URL.";
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "The URL must begin with https:// or http://.";
  if (url.username || url.password) return "The URL must not carry a user name or password.";
  if (!guards(config)) return null;
  if (isHiddenAddress(config, text)) return HIDDEN;
  const host = hostOf(url);
  if (isIP(host)) return null;
  try {
    const addresses = await lookup(host, { all: true });
    return addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address)) ? null : HIDDEN;
  } catch {
    return `The name ${host} is not known.`;
  }
}

/**
 * A `lookup` for connections to URLs that somebody typed: the address that is checked is the one that is connected to, so a name that
 * changes its answer in between gains nothing. Undefined: outside production every address may be called.
 */
export const lookupFor = (config: Config): LookupFunction | undefined => (guards(config) ? guardedLookup : undefined);

/** Fails for names with any address that is not public. IP addresses never come here: `whyNotCall` judges those. */
export const guardedLookup: LookupFunction = (hostname, options, done) => {
  dnsLookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses: LookupAddress[] = found ?? [];
    const [first] = addresses;
    if (error) return done(error, "");
    if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      return done(Object.assign(new Error(`${hostname}: ${HIDDEN}`), { code: "ENOTPUBLIC" }), "");
    }
    return options.all ? done(null, addresses) : done(null, first.address, first.family);
  });
};
