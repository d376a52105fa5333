import { relative } from "node:path";
import { areHealthy, type ServiceState } from "../../../sandbox/local/containers.ts";
import type { LocalStack } from "../../../sandbox/local/stack.ts";
import type { SandboxSession } from "../../../sandbox/session.ts";

/** What runs of the clouds, and what of it stands in. `versions`: programs that are not what is pinned. */
export const cloudsText = (session: SandboxSession, versions: readonly string[]): string =>
  [
    `The sandbox runs (process ${session.pid}).`,
    `  Hetzner Cloud  ${session.hetznerUrl}/v1  the real provider${session.cliConfig ? ", from the local mirror" : ""}`,
    `  Cloudflare     ${session.cloudflareUrl}/client/v4  ${session.cloudflare === "real" ? "the real provider" : "a stand-in provider: it checks less than the real one"}`,
    `  Servers        ${session.registryPid ? "real machines: Debian 13 in containers; stand-in images of Kratos, Hydra and the applications (see sandbox/images)" : "in the emulator's state only; with --machines they boot"}`,
    ...(session.registryPid && versions.length ? [`  Versions       ${versions.join(", ")}`] : []),
    '  In a shell     eval "$(./olympus sandbox env)"',
  ].join("\n");

/** The local stack: how it is, what each image really is, what to open and how to get in. */
export function localText(stack: LocalStack): string {
  const { places, services, hosts, administrator } = stack;
  const width = Math.max(...services.map(({ name }) => name.length));
  const at = (path: string): string => {
    const near = relative(process.cwd(), path);
    return near.startsWith("..") ? path : near;
  };
  return [
    "",
    `Olympus in containers on this computer ${verdict(stack)} (${at(places.root)}).`,
    ...services.map((service) => `  ${service.name.padEnd(width)}  ${serviceText(service)}`),
    "",
    "Open",
    ...Object.entries(hosts).map(([service, host]) => `  ${service.padEnd(width)}  https://${host}/`),
    "",
    `  Trust     ${at(places.trust)} is the certificate authority, valid for localhost only: curl --cacert, or import it into the browser`,
    `  Log in    ${administrator}; its password: sed -n s/^ADMIN_PASSWORD=//p ${at(places.config)}/secrets.env`,
    `  Podman    CONTAINERS_CONF=${at(places.podman)}/containers.conf CONTAINERS_STORAGE_CONF=${at(places.podman)}/storage.conf podman ps`,
  ].join("\n");
}

function verdict(stack: LocalStack): string {
  if (areHealthy(stack.services)) return "is healthy";
  return stack.services.some(({ state }) => state === "running") ? "is NOT healthy" : "is stopped";
}

const serviceText = ({ state, healthy, image, standIn }: ServiceState): string =>
  `${(healthy ? "healthy" : state === "running" ? "NOT healthy" : state).padEnd(11)}  ${image}${standIn ? `  stand-in: ${standIn}` : ""}`;

/** The same for programs. No secret is in it. */
export const localJson = (stack: LocalStack): object => ({
  healthy: areHealthy(stack.services),
  folder: stack.places.root,
  trust: stack.places.trust,
  hosts: stack.hosts,
  services: stack.services,
});
