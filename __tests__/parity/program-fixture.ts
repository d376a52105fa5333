import { CAUSES, type Cause } from "../../parity/bounds.ts";
import type { Experiment } from "../../parity/experiment.ts";
import type { Json } from "../../parity/json.ts";

/** The smallest program with the real one's shape: what it renders follows from its overlay alone. */
export type ToyOverlay = Record<Cause, string | undefined>;
export type ToyProgram = (name: string, overlay: ToyOverlay) => Json;

export const PROD: ToyOverlay = {
  domain: "app.com",
  hostType: "cax21",
  rateLimits: "10",
  extras: undefined,
  destroyable: "no",
};
export const STAGING: ToyOverlay = {
  domain: "staging.app.com",
  hostType: "cax11",
  rateLimits: "100",
  extras: "night",
  destroyable: "no",
};

export const sound: ToyProgram = (name, o) => ({
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
  env: { RATE_LIMIT_LOGIN_EVENTS: o.rateLimits ?? null, MAIL_SANDBOX: o.extras ? "1" : "0" },
  units: o.extras ? { "olympus-logins.timer": "hourly" } : {},
  bundle: { "systemd/olympus.service": { mode: "644", content: "start" } },
});

/** Without the name in it. */
export const identityOf = (name: string) => ({ deployKey: `key of ${[...name].reverse().join("")}` });

export function experimentOf(program: ToyProgram, names = ["prod", "staging"]): Experiment {
  const [prod = "", staging = ""] = names;
  const render = (name: string, overlay: ToyOverlay) => ({
    name,
    identity: identityOf(name),
    vocabulary: { domain: overlay.domain ?? "", ciam: `ciam.${overlay.domain}` },
    document: program(name, overlay),
  });
  const named = (name: string, overlay: ToyOverlay) => ({
    own: render(name, overlay),
    neutral: render("any-name", overlay),
  });
  return {
    reference: named(prod, PROD),
    mirror: named(staging, STAGING),
    without: Object.fromEntries(
      CAUSES.map((cause) => [cause, render("any-name", { ...STAGING, [cause]: PROD[cause] })]),
    ) as unknown as Experiment["without"],
    endpoints: ["login"],
  };
}
