import type { Session } from "@ory/kratos-client";
import { expectJson, type HttpClient } from "../../shared/http-client.ts";
import { nextPage } from "../seed/kratos.ts";

/** What the machine's hourly logins have left, as Kratos counts it. */
export interface Traffic {
  /** Sessions that began in each of the last hours, the current one first. */
  readonly hours: readonly number[];
  /** Of these sessions. */
  readonly identities: number;
  readonly loggedOut: number;
}

const HOUR_MS = 3_600_000;

/** Sessions of one user agent in the last `hours`, through the admin API: newest first, so that it ends early. */
export async function traffic(
  admin: HttpClient,
  userAgent: string,
  hours: number,
  now: Date,
): Promise<Traffic> {
  const counts = Array.from({ length: hours }, () => 0);
  const identities = new Set<string>();
  let loggedOut = 0;
  let path: string | undefined = "/admin/sessions?page_size=250&expand=devices&expand=identity";
  while (path) {
    const answer = await admin("GET", path);
    const page = expectJson<Session[]>("the list of sessions", answer, 200);
    for (const { active, authenticated_at, identity, devices } of page) {
      const hour = hoursAgo(authenticated_at, now);
      if (hour >= hours || !devices?.some((device) => device.user_agent === userAgent)) continue;
      counts[Math.max(hour, 0)] = (counts[Math.max(hour, 0)] ?? 0) + 1;
      if (identity) identities.add(identity.id);
      if (!active) loggedOut++;
    }
    const oldest = page.findLast(({ authenticated_at }) => authenticated_at);
    const isPast = oldest && hoursAgo(oldest.authenticated_at, now) >= hours;
    path = isPast ? undefined : nextPage(answer.headers.link);
  }
  return { hours: counts, identities: identities.size, loggedOut };
}

/** Whole hours since then; a session that never was authenticated began in no hour that counts. */
const hoursAgo = (time: string | undefined, now: Date): number =>
  time === undefined ? Number.POSITIVE_INFINITY : Math.floor((now.getTime() - Date.parse(time)) / HOUR_MS);
