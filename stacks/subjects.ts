import { cloudflareRanges } from "../config/cloudflare-ranges.ts";
import { type Environment, servesRealPeople } from "../config/load/environment.ts";
import { zoneStackName } from "../config/load/names.ts";
import { environmentKeys } from "../host/environment-keys.ts";
import { imageReference } from "../host/images.ts";
import type { Json } from "../parity/json.ts";
import type { Subject } from "../policy/rule.ts";
import type { EnvironmentRendering } from "./rendering.ts";

/** What was rendered of an environment, as the rules see it. */
export const subjectOf = (env: Environment, { document }: EnvironmentRendering): Subject => ({
  stack: env.name,
  document: document.stack,
  env: document.env,
  envKeys: environmentKeys(),
  bundle: Object.fromEntries(Object.entries(document.bundle).map(([path, { content }]) => [path, content])),
  hosts: Object.values(env.hosts),
  declared: { hostType: env.hostType, rateLimits: env.rateLimits },
  images: Object.fromEntries(
    Object.entries(env.images).map(([key, image]) => [
      key,
      { reference: imageReference(image), architectures: image.architectures },
    ]),
  ),
  plan: env.cloudflarePlan,
  zone: env.zone.name,
  destroyable: env.destroyable,
  edgeRanges: [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6],
});

/** A zone's stack as the rules see it. */
export const zoneSubject = (sharers: readonly [Environment, ...Environment[]], document: Json): Subject => ({
  stack: zoneStackName(sharers[0].zone.name),
  zone: sharers[0].zone.name,
  document,
  plan: sharers[0].cloudflarePlan,
  visitors: sharers.map((env) => ({
    hosts: env.hosts,
    isPublic: servesRealPeople(env),
    office: env.office.cidrs,
    logins: env.rateLimits.login,
  })),
});
