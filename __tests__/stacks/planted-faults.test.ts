import { afterEach, expect, test } from "vitest";
import { Checkout } from "../support/checkout.ts";

let checkout: Checkout;
afterEach(() => checkout.remove());

interface Fault {
  title: string;
  file: string;
  from: string;
  to: string;
  /** What the operator must read. */
  says: RegExp;
}

const FAULTS: Fault[] = [
  {
    title: "a construct that asks for the environment's name",
    file: "constructs/data-volume.ts",
    from: "size: env.volumeGb",
    to: 'size: env.name === "staging" ? 10 : env.volumeGb',
    says: /stack\.resource\.hcloud_volume\.data\.size/,
  },
  {
    title: "a resource only in prod",
    file: "stacks/olympus-stack.ts",
    from: 'const firewall = new OuterFirewall(this, "firewall", env);',
    to: 'const firewall = new OuterFirewall(this, "firewall", env); if (env.name === "prod") new OuterFirewall(this, "second", env);',
    says: /stack\.resource\.hcloud_firewall\.second/,
  },
  {
    title: "a resource that the domain decides on",
    file: "stacks/olympus-stack.ts",
    from: 'const firewall = new OuterFirewall(this, "firewall", env);',
    to: 'const firewall = new OuterFirewall(this, "firewall", env); if (env.domain === env.zone.name) new OuterFirewall(this, "second", env);',
    says: /domain may not show here/,
  },
  {
    title: "an extra key in one environment file",
    file: "host/environment-file.ts",
    from: "SITE_HOST: hosts.site,",
    to: 'SITE_HOST: hosts.site, ...(env.name === "staging" && { DEBUG: "1" }),',
    says: /env\.DEBUG/,
  },
  {
    title: "a different image pin",
    file: "host/images.ts",
    from: "imageValues = ({ images }: Environment): Record<string, string> =>",
    to: 'imageValues = ({ images: { kratos, ...rest }, name }: Environment, images = { ...rest, kratos: name === "staging" ? { ...kratos, tag: "v25.4.0" } : kratos }): Record<string, string> =>',
    says: /bundle\["images\.env"\]/,
  },
  {
    title: "an extra that changes a shared resource",
    file: "constructs/server.ts",
    from: "backups: false",
    to: "backups: !env.extras",
    says: /hcloud_server\.server\.backups[\s\S]*extras may not show here/,
  },
  {
    title: "a weaker TLS value",
    file: "constructs/zone-settings.ts",
    from: 'min_tls_version: "1.2"',
    to: 'min_tls_version: "1.0"',
    says: /min_tls_version/,
  },
];

test.each(FAULTS)("$title is refused, named and not written", async ({ file, from, to, says }) => {
  checkout = new Checkout();
  checkout.plant(file, from, to);
  const { exitCode, stderr } = await checkout.synth();
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(exitCode).toBe(1);
  expect(checkout.written()).toEqual([]);
});

test("the program as it is writes its stacks", async () => {
  checkout = new Checkout();
  const { exitCode, stderr } = await checkout.synth();
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  expect(checkout.written()).toEqual(["cdktf.out"]);
});

test("a broken configuration writes nothing", async () => {
  checkout = new Checkout();
  checkout.plant("config/staging.ts", '"1m"', '"1 minute"');
  const { exitCode, stderr } = await checkout.synth();
  expect(stderr).toContain("rateLimits.login.window");
  expect(exitCode).toBe(1);
  expect(checkout.written()).toEqual([]);
});
