import { existsSync } from "node:fs";
import { join } from "node:path";
import { shipped } from "../config/environments.ts";
import { type Fleet, loadFleet } from "../config/index.ts";
import { csrPath } from "../config/load/environment.ts";
import { mirrorOverlaySchema } from "../config/load/schema.ts";
import { sandboxDirectory } from "../lib/process-env.ts";
import { makeRequest } from "../secrets/certificate-request.ts";

const ownRequestFolder = (): string => join(sandboxDirectory(), "csr");

/** Certificate requests whose keys the sandbox holds: those that are committed belong to somebody else. */
export async function ownRequests(): Promise<void> {
  for (const [, overlay] of [shipped.reference, ...shipped.mirrors]) {
    // What is wrong with the others, loading the fleet says.
    const domain = mirrorOverlaySchema.shape.domain.safeParse((overlay as { domain?: unknown }).domain).data;
    if (!domain) continue;
    const request = csrPath(domain, ownRequestFolder());
    const key = join(sandboxDirectory(), "secrets", `${domain}.key`);
    if (!existsSync(request)) await makeRequest(domain, { request, key });
  }
}

/** The configuration with the sandbox's own requests, whatever a shell holds that knew an earlier one. */
export const ownFleet = (): Fleet => loadFleet({ ...shipped, requests: ownRequestFolder() }, {});
