import { Hono } from "hono";
import { namespaces, widgets } from "./accounts.ts";
import { addresses, type EdgeRanges, EXAMPLE_RANGES } from "./addresses.ts";
import { authenticate, type Token } from "./auth.ts";
import { certificates } from "./certificates.ts";
import { cloudflareControl, faults } from "./control.ts";
import { dnsRecords } from "./dns.ts";
import { ApiRefusal, failed, ok, refuse } from "./envelope.ts";
import { originPulls } from "./origin-pulls.ts";
import { rulesets } from "./rulesets.ts";
import { schedules } from "./schedules.ts";
import { openStore, type ZoneSeed } from "./store.ts";
import { workers } from "./workers.ts";
import { seedZone, zones } from "./zones.ts";

export type { Token } from "./auth.ts";
export type { ZoneSeed } from "./store.ts";

export interface CloudflareOptions {
  /** JSON file of the account's objects; made when there is none. Holds the sandbox CA's key: mode 0600. */
  readonly statePath: string;
  readonly tokens: readonly Token[];
  /** Zones that exist before Terraform runs. Those already in the state stay as they are. */
  readonly zones: readonly ZoneSeed[];
  readonly clock?: () => Date;
  /** What `GET /ips` answers; documentation ranges where unset. */
  readonly ranges?: EdgeRanges;
  /** Private ranges that the proxy reaches here, such as that of a sandbox's own machines, in CIDR notation. */
  readonly reachable?: readonly string[];
}

/** Base path of the API, as in https://api.cloudflare.com/client/v4. */
export const apiPath = "/client/v4";

/** An emulator of the Cloudflare v4 API at `/client/v4`, with its control routes at `/_sandbox`. */
export function cloudflareEmulator(options: CloudflareOptions): Hono {
  const store = openStore(options.statePath, options.clock ?? (() => new Date()));
  const seed = () => {
    for (const zone of options.zones) seedZone(store, zone);
    store.save();
  };
  seed();
  const { pending, strike } = faults();
  const api = new Hono().use(strike, authenticate(options.tokens)).use(async (c, next) => {
    await next();
    if (c.req.method !== "GET" && c.res.ok) store.save();
  });
  const areas = [zones, rulesets, certificates, originPulls, workers, schedules, namespaces, widgets];
  for (const area of areas) api.route("/", area(store));
  api.route("/", dnsRecords(store, options.reachable ?? []));
  api.route("/", addresses(options.ranges ?? EXAMPLE_RANGES));
  api.get("/user/tokens/verify", (c) => ok(c, { id: "0".repeat(32), status: "active" }));

  const reset = () => {
    store.reset();
    seed();
  };
  const app = new Hono().route(apiPath, api).route("/_sandbox", cloudflareControl(store, pending, reset));
  app.notFound((c) =>
    failed(
      c,
      refuse(404, 7000, `No route for that URI: ${c.req.method} ${c.req.path} is not in the sandbox`),
    ),
  );
  app.onError((error, c) => {
    if (error instanceof ApiRefusal) return failed(c, error);
    return failed(c, refuse(500, 1000, `Sandbox fault: ${error.message}`));
  });
  return app;
}
