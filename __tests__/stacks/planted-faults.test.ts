// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources as they stand in their files
import { afterAll, expect, test } from "vitest";
import { Checkout } from "../support/checkout.ts";
import { PlantedCheckout, type PlantedFault } from "../support/planted.ts";
import { onlyAccepted } from "../support/said.ts";

const STACK = "stacks/olympus-stack.ts";
const FIREWALL = 'const firewall = new OuterFirewall(this, "firewall", env);';

/** The code asks what it must not ask. */
const CODE: readonly PlantedFault[] = [
  [
    "a construct asks for the name",
    "constructs/data-volume.ts",
    "size: env.volumeGb",
    'size: env.name === "staging" ? 10 : env.volumeGb',
    /law +identity/,
  ],
  [
    "the name is asked for where it may stand",
    "config/load/names.ts",
    "export const serverName = (environment: string): string => `olympus-${environment}`;",
    'export const serverName = (environment: string): string => environment === "prod" ? "olympus-prod" : `o-${environment}`;',
    /hcloud_server\.server\.name[\s\S]*law +identity/,
  ],
  [
    "a resource only where the name says so",
    STACK,
    FIREWALL,
    `${FIREWALL} if (env.name === "prod") new OuterFirewall(this, "second", env);`,
    /hcloud_firewall\.second[\s\S]*law +identity/,
  ],
  [
    "a resource that the domain decides on",
    STACK,
    FIREWALL,
    `${FIREWALL} if (env.domain === env.zone.name) new OuterFirewall(this, "second", env);`,
    /domain may not show here/,
  ],
  [
    "an extra that changes a shared resource",
    "constructs/server.ts",
    "backups: false",
    "backups: !env.extras",
    /hcloud_server\.server\.backups[\s\S]*extras may not show here/,
  ],
  [
    "the name in a place of its own",
    "constructs/server.ts",
    "image: env.image,",
    "image: `${env.image}-${env.name}`,",
    /the environment's name may not stand here/,
  ],
  ["a weaker TLS value", "constructs/zone-settings.ts", '"1.2"', '"1.0"', /min_tls_version/],
  [
    "the backend follows from extras",
    STACK,
    "addBackend(this, env.state, env.name, stateDirectory);",
    "addBackend(this, env.state, env.name, env.extras ? '/tmp' : stateDirectory);",
    /terraform\.backend/,
  ],
  [
    "one state for both",
    STACK,
    "addBackend(this, env.state, env.name, stateDirectory);",
    'addBackend(this, env.state, "olympus", stateDirectory);',
    /law +distinct/,
  ],
  [
    "one store of backups for both",
    "host/environment-file.ts",
    "${env.backup.bucketPrefix}-${env.name}`",
    "${env.backup.bucketPrefix}`",
    /BACKUP_REPOSITORY[\s\S]*law +distinct/,
  ],
  [
    "one certificate request for both",
    "constructs/origin-certificate.ts",
    "csr: env.originCsr,",
    'csr: "-----BEGIN CERTIFICATE REQUEST-----",',
    /origin\.csr[\s\S]*law +distinct/,
  ],
  [
    "another host type than the configured one",
    "constructs/server.ts",
    "serverType: env.hostType,",
    'serverType: env.hostType === "cax11" ? "cax41" : env.hostType,',
    /declared-values[\s\S]*server_type/,
  ],
  [
    "a record of another environment",
    STACK,
    'new DnsRecords(this, "dns", { env, addresses, hosts: published });',
    'new DnsRecords(this, "dns", { env, addresses, hosts: { ...published, old: `old.${env.zone.name}` } });',
    /dns-name-own/,
  ],
];

const checkout = new PlantedCheckout();
afterAll(() => checkout.remove());

test.each(CODE)("%s is refused, named and not written", async (...fault) => checkout.refuses(fault));

test("the launcher refuses the same, and a broken configuration, without a trace", async () => {
  const launched = new Checkout();
  try {
    expect(await launched.synth()).toEqual({ exitCode: 0, stderr: onlyAccepted });
    expect(launched.written()).toEqual(["cdktf.out"]);
    launched.removeWritten();
    const [, file, from, to, says] = CODE[0] as PlantedFault;
    launched.plant(file, from, to);
    expect(await launched.synth()).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(says) });
    launched.plant("config/staging.ts", '"1m"', '"1 minute"');
    const { exitCode, stderr } = await launched.synth();
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("rateLimits.login.window")]);
    expect(launched.written()).toEqual([]);
  } finally {
    launched.remove();
  }
});
