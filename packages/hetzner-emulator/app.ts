import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { allActions, resourceActions } from "./action-routes.ts";
import { catalogRoutes } from "./catalog-routes.ts";
import { hetznerControl } from "./control.ts";
import { EmulatedCloud, type HetznerOptions } from "./emulated-cloud.ts";
import { ApiError } from "./errors.ts";
import { firewalls } from "./firewalls.ts";
import { primaryIps } from "./primary-ips.ts";
import type { Env } from "./request.ts";
import { machineOf } from "./server-creation.ts";
import { servers } from "./servers.ts";
import { sshKeys } from "./ssh-keys.ts";
import { volumes } from "./volumes.ts";

const api = new Hono<Env>()
  .route("/servers", servers)
  .route("/primary_ips", primaryIps)
  .route("/volumes", volumes)
  .route("/firewalls", firewalls)
  .route("/ssh_keys", sshKeys)
  .route("/actions", allActions)
  .route("/servers", resourceActions("servers", "server"))
  .route("/primary_ips", resourceActions("primary_ips", "primary_ip"))
  .route("/volumes", resourceActions("volumes", "volume"))
  .route("/firewalls", resourceActions("firewalls", "firewall"))
  .route("/", catalogRoutes);

/** Requests an hour: docs.hetzner.cloud, "Rate Limiting". The sandbox refuses on demand only. */
const requestsPerHour = 3600;

/** Opens the project of the bearer token, spends a refusal if one is due, and saves what a request has changed. */
const session = (world: EmulatedCloud) =>
  new Hono<Env>().use(async (context, next) => {
    const [, token = ""] = /^Bearer (\S+)$/.exec(context.req.header("authorization") ?? "") ?? [];
    const project = world.byToken(token);
    if (!project) throw new ApiError(401, "unauthorized", "unable to authenticate");
    const { refusals } = world.conditions.value;
    context.header("Date", new Date(project.world.time()).toUTCString());
    const due = refusals[project.name] ?? 0;
    context.header("RateLimit-Limit", String(requestsPerHour));
    context.header("RateLimit-Remaining", String(due > 0 ? 0 : requestsPerHour - 1));
    context.header("RateLimit-Reset", String(Math.ceil(Date.parse(world.time(1)) / 1000)));
    if (due > 0) {
      refusals[project.name] = due - 1;
      world.conditions.save();
      throw new ApiError(429, "rate_limit_exceeded", `limit of ${requestsPerHour} requests per hour reached`);
    }
    context.set("project", project);
    await next();
    if (context.req.method !== "GET") project.save();
  });

/**
 * The Hetzner Cloud API under `/v1`, faithful as far as the hcloud provider and our own programs look, and the
 * controls of the sandbox under `/_sandbox`. State is kept in `directory` and survives a restart.
 */
export function hetznerEmulator(options: HetznerOptions): Hono {
  const world = new EmulatedCloud(options);
  for (const project of world.projects.values())
    for (const server of project.state.servers)
      options.machines?.onServerFound(machineOf(project, server)).catch((error: unknown) => {
        process.stderr.write(`hetzner emulator: ${server.name} has no machine: ${error}\n`);
      });
  const app = new Hono();
  app.onError((error, context) => {
    // Headers that were set before the error (rate limit) stay on the answer.
    if (error instanceof ApiError) return context.json(error.body, error.status as ContentfulStatusCode);
    process.stderr.write(`hetzner sandbox: ${error.stack}\n`);
    return context.json(new ApiError(500, "server_error", error.message).body, 500);
  });
  app.notFound((context) =>
    context.json(
      new ApiError(404, "not_found", `no route ${context.req.method} ${context.req.path}`).body,
      404,
    ),
  );
  app.route("/_sandbox", hetznerControl(world));
  app.route("/v1", session(world).route("/", api));
  return app;
}
