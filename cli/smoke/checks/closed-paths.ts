import { type Check, expect } from "../check.ts";
import type { Target } from "../target.ts";

/** Paths that would be a login without lockout and captcha, a look at the password rules, or Hydra's admin API. */
export function closedPaths(target: Target): Check[] {
  const { hosts } = target.env;
  const closed = (host: string, paths: readonly string[]): Check => ({
    kind: "closed",
    subject: host,
    run: async () => {
      for (const path of paths) {
        const { status } = await target.client.send(`https://${host}${path}`);
        expect(status === 404, `${path} answers ${status}, not 404`);
      }
      return `${paths.join(", ")} answer 404`;
    },
  });
  const login = ["/api/policy/password", "/self-service/login/api"];
  const oauth = ["/admin/clients", "/admin/oauth2/auth/sessions/login"];
  return [
    closed(hosts.ciam, login),
    closed(hosts.iam, login),
    closed(hosts.ciamOauth, oauth),
    closed(hosts.iamOauth, oauth),
  ];
}
