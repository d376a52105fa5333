import { type Check, SmokeFailure } from "./check.ts";
import { closedPaths } from "./checks/closed-paths.ts";
import { discovery } from "./checks/discovery.ts";
import { headers } from "./checks/headers.ts";
import { health } from "./checks/health.ts";
import { jwks } from "./checks/jwks.ts";
import { login } from "./checks/login.ts";
import { loginPage } from "./checks/login-page.ts";
import { officeOnly } from "./checks/office-only.ts";
import { ports } from "./checks/ports.ts";
import { rateLimit } from "./checks/rate-limit.ts";
import { redirect } from "./checks/redirect.ts";
import { tls } from "./checks/tls.ts";
import { version } from "./checks/version.ts";
import { isShutOut, type Target } from "./target.ts";

/** Kinds of check by when they may run: the last group uses up what the others need. */
const GROUPS = [
  [
    ports,
    tls,
    redirect,
    headers,
    discovery,
    jwks,
    health,
    version,
    closedPaths,
    officeOnly,
    loginPage,
    login,
  ],
  [rateLimit],
];

/** The checks of an environment, in groups that follow each other. */
export function planOf(target: Target): Check[][] {
  if (isShutOut(target)) return [[shutOut(target), ...tls(target), ...ports(target), ...officeOnly(target)]];
  return GROUPS.map((group) => group.flatMap((kind) => kind(target)));
}

/** Green would be a lie: nothing of the application was seen. */
const shutOut = ({ env, vantage }: Target): Check => ({
  kind: "vantage",
  subject: env.domain,
  run: () =>
    Promise.reject(
      new SmokeFailure(
        `the hosts of a non-production environment answer only the office, and ${vantage.because}: nothing of the application can be seen. Run this in the office or its VPN, or on the machine with --origin`,
      ),
    ),
});
