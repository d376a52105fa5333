import ipaddr from "ipaddr.js";
import type { DeclaredEnvironment } from "../index.ts";
import { ConfigError, type Problem } from "./problems.ts";
import type { Base } from "./schema.ts";

// What ships is whole, so that the sandbox and the first synth need nothing; and it is nobody's, so that it must not go out.

/** Domain, and so zone, host names and mail address, of the example. */
const DOMAIN = "your-app.com";
const OWNER = "your-org";
const ID = /^0{31}[0-9a-f]$/;
/** The public halves of keys whose private halves were thrown away. */
const KEYS = [
  "AAAAC3NzaC1lZDI1NTE5AAAAINC6p0Yu4SEtOVLkgo8SHoLHtQNP651kIJHm2fIRJsDk",
  "AAAAC3NzaC1lZDI1NTE5AAAAIP68+3VFCnDu0/sIhasr3vUawdKkgqqOklNsIJHjuEcH",
  "AAAAC3NzaC1lZDI1NTE5AAAAIOaBlc2EJQ9jCQRQPk4gpmhoVKKzO5HBPIEcmCa/2QJI",
  "AAAAC3NzaC1lZDI1NTE5AAAAIOqCHmmNFdsfffTEvgeWl7Ic+y9uRDvgo+ME027/mB/w",
];
/** Ranges of documentation: nobody comes from there (RFC 5737, 3849, 9637). */
const RANGES = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"];

type Overlaid = Pick<DeclaredEnvironment, "name" | "overlay">;

/** What is written of a fleet, composed or not. */
export interface WrittenFleet {
  readonly base: Base;
  readonly reference: Overlaid;
  readonly mirrors: readonly Overlaid[];
}

/** Every value of the fleet that is still one of the shipped example, with what to write instead. */
export function exampleValues({ base, reference, mirrors }: WrittenFleet): Problem[] {
  const lists = { operators: base.operators.sshKeys, developers: base.developers.sshKeys };
  const ranges = { operators: base.operators.cidrs, office: base.office.cidrs };
  return [
    ...Object.entries(base.zones).flatMap(([zone, id]) => [
      ...found(isOfExample(zone), "zones", zone, "your own zone, as it is named at Cloudflare"),
      ...found(ID.test(id), `zones["${zone}"]`, id, "the zone's id, from its overview page at Cloudflare"),
    ]),
    ...found(
      ID.test(base.cloudflareAccountId),
      "cloudflareAccountId",
      base.cloudflareAccountId,
      "the account's id, from its overview page at Cloudflare",
    ),
    ...found(
      base.repository.startsWith(`${OWNER}/`),
      "repository",
      base.repository,
      "your copy of this repository: the clock calls its workflows",
    ),
    ...Object.entries(lists).flatMap(([who, keys]) =>
      Object.entries(keys).flatMap(([name, key]) =>
        found(
          isExampleKey(key),
          `${who}.sshKeys.${name}`,
          key,
          "your own public key: the private half of this one was thrown away",
        ),
      ),
    ),
    ...Object.entries(base.environments).flatMap(([name, { deployKey, firstAdministrator }]) => [
      ...found(
        isExampleKey(deployKey),
        `environments.${name}.deployKey`,
        deployKey,
        "the public key of this environment's deploy: the private half of this one was thrown away",
      ),
      ...found(
        isOfExample(firstAdministrator.split("@").at(-1) ?? ""),
        `environments.${name}.firstAdministrator`,
        firstAdministrator,
        "the address of the person who logs in to Athena first",
      ),
    ]),
    ...Object.entries(ranges).flatMap(([who, list]) =>
      list.flatMap((range, i) =>
        found(isDocumentation(range), `${who}.cidrs[${i}]`, range, "the addresses that people connect from"),
      ),
    ),
    ...found(
      base.email.senderName === "Your App",
      "email.senderName",
      base.email.senderName,
      "the name that people see in their inbox",
    ),
    ...found(
      base.backup.bucketPrefix.startsWith("your-app"),
      "backup.bucketPrefix",
      base.backup.bucketPrefix,
      "a prefix that is yours alone: names of buckets are shared with everybody",
    ),
    ...found(
      isOfExample(base.monitoring.alertEmail.split("@").at(-1) ?? ""),
      "monitoring.alertEmail",
      base.monitoring.alertEmail,
      "an address that you read: alerts go there",
    ),
    ...[reference, ...mirrors].flatMap(domainOf),
  ];
}

/** Throws a {@link ConfigError} that names every value of the example which is still there. */
export function requireOwnValues(fleet: WrittenFleet): void {
  const problems = exampleValues(fleet);
  if (problems.length) throw new ConfigError(problems);
}

const domainOf = ({ name, overlay: { domain } }: Overlaid): Problem[] =>
  found(isOfExample(domain), "domain", domain, "a domain of your own zone", `config/${name}.ts`);

/** Whether an ssh key is one of the example's, whose private halves were thrown away. */
export const isExampleKey = (key: string): boolean => KEYS.some((example) => key.includes(example));

/** Whether a host is the example's. */
export const isOfExample = (host: string): boolean => host === DOMAIN || host.endsWith(`.${DOMAIN}`);

const isDocumentation = (range: string): boolean => {
  const [address] = ipaddr.parseCIDR(range);
  return RANGES.some((example) => {
    const [network, bits] = ipaddr.parseCIDR(example);
    return address.kind() === network.kind() && address.match(network, bits);
  });
};

const found = (
  isExample: boolean,
  path: string,
  value: string,
  instead: string,
  file = "config/base.ts",
): Problem[] =>
  isExample
    ? [
        {
          file,
          path,
          value: `${JSON.stringify(value)}, a value of the shipped example`,
          allowed: `in the sandbox alone (./olympus sandbox run -- ...)`,
          remedy: `write ${instead}`,
        },
      ]
    : [];
