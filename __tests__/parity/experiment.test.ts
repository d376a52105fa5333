import { expect, test } from "vitest";
import { CAUSES, type Cause } from "../../parity/bounds.ts";
import { type Experiment, evaluateParity } from "../../parity/experiment.ts";
import type { Json } from "../../parity/json.ts";

/** The smallest program with the real one's shape: what it renders follows from its overlay alone. */
type Overlay = Record<Cause, string | undefined>;
type Program = (name: string, overlay: Overlay) => Json;

const PROD: Overlay = {
  domain: "app.com",
  hostType: "cax21",
  rateLimits: "10",
  extras: undefined,
  destroyable: "no",
};
const STAGING: Overlay = {
  domain: "staging.app.com",
  hostType: "cax11",
  rateLimits: "100",
  extras: "night",
  destroyable: "no",
};

const sound: Program = (name, o) => ({
  stack: {
    "//": { made: name },
    terraform: { backend: { local: { path: `${name}.tfstate` } } },
    resource: {
      hcloud_server: { server: { server_type: o.hostType ?? null, name: `olympus-${name}` } },
      cloudflare_dns_record: { ciam: { name: `ciam.${o.domain}` } },
      ...(o.extras && {
        cloudflare_workers_script: { clock: { script_name: `${name}-clock`, at: o.domain ?? null } },
      }),
    },
  },
  env: { RATE_LIMIT_LOGIN: o.rateLimits ?? null, MAIL_SANDBOX: o.extras ? "mailpit" : "" },
});

function experimentOf(program: Program): Experiment {
  const render = (name: string, overlay: Overlay) => ({
    name,
    vocabulary: { domain: overlay.domain ?? "", ciam: `ciam.${overlay.domain}` },
    document: program(name, overlay),
  });
  return {
    reference: render("prod", PROD),
    mirror: render("staging", STAGING),
    mirrorAsReference: render("staging", PROD),
    referenceAsMirror: render("prod", STAGING),
    swaps: Object.fromEntries(
      CAUSES.map((cause) => [
        cause,
        {
          intoReference: render("prod", { ...PROD, [cause]: STAGING[cause] }),
          outOfMirror: render("staging", { ...STAGING, [cause]: PROD[cause] }),
        },
      ]),
    ) as unknown as Experiment["swaps"],
  };
}

const planted =
  (change: (name: string, o: Overlay) => Json): Program =>
  (name, o) => ({
    ...(sound(name, o) as object),
    planted: change(name, o),
  });
const found = (program: Program) =>
  evaluateParity(experimentOf(program)).findings.map(({ law, path }) => `${law} ${path}`);

test("a mirror has differences, each with its causes, and no finding", () => {
  const { differences, findings } = evaluateParity(experimentOf(sound));
  expect(findings).toEqual([]);
  expect(differences.map(({ path, causes }) => `${path} <- ${causes}`)).toEqual([
    "env.MAIL_SANDBOX <- extras",
    "env.RATE_LIMIT_LOGIN <- rateLimits",
    "stack.resource.cloudflare_dns_record.ciam.name <- domain",
    "stack.resource.cloudflare_workers_script.clock.at <- domain,extras",
    "stack.resource.cloudflare_workers_script.clock.script_name <- extras",
    "stack.resource.hcloud_server.server.server_type <- hostType",
  ]);
});

test("the name of an environment may stand in any text, and decide nothing", () => {
  expect(found(planted((name) => `made for ${name}`))).toEqual([]);
  expect(found(planted((name) => (name === "prod" ? "a" : "b")))).toContain("mirror planted");
});

test("a name inside another word is not the name", () => {
  expect(found(planted(() => "production-stagingx"))).toEqual([]);
});

test("a key that only two swaps together explain is explained by none", () => {
  const both: Program = planted((_, o) =>
    o.domain === STAGING.domain && o.hostType === STAGING.hostType ? "x" : "y",
  );
  expect(found(both)).not.toEqual([]);
});

test("a key may show only where its bounds are", () => {
  expect(found(planted((_, o) => `host ${o.domain}`))).toEqual([]);
  expect(found(planted((_, o) => (o.domain === PROD.domain ? "a" : "b")))).toContain("bounds planted");
  expect(found(planted((_, o) => o.hostType ?? null))).toContain("bounds planted");
  expect(found(planted((_, o) => o.rateLimits ?? null))).toContain("bounds planted");
  expect(found(planted((_, o) => Boolean(o.extras)))).toContain("bounds planted");
});

test("an extra inside a shared resource is out of bounds", () => {
  const program: Program = (name, o) => {
    const document = sound(name, o) as { stack: { resource: { hcloud_server: { server: object } } } };
    Object.assign(document.stack.resource.hcloud_server.server, o.extras && { backups: true });
    return document as Json;
  };
  expect(found(program)).toContain("bounds stack.resource.hcloud_server.server.backups");
});

test("what says only where the state lies is not compared", () => {
  const { differences } = evaluateParity(experimentOf(sound));
  expect(differences.some(({ path }) => path.includes("backend") || path.includes("//"))).toBe(false);
});
