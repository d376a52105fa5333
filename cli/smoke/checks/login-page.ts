import { nameOf } from "../answers.ts";
import { expectPage, openBrowser, type Visit } from "../browser.ts";
import { type Check, expect } from "../check.ts";
import { bundlePolicy, scriptPolicy } from "../script-policy.ts";
import type { Target } from "../target.ts";

/** From an application through Hydra to the login page: proves the OAuth client, its redirect and the page. */
export function loginPage(target: Target): Check[] {
  const { client, env, vantage } = target;
  const { hosts } = env;
  const leads = (from: string, path: string, login: string, oauth: string, pkce = false): Check => ({
    kind: "login page",
    subject: from,
    run: async () => {
      const url = `https://${from}${path}`;
      const [first, second] = [await openBrowser(client).visit(url), await openBrowser(client).visit(url)];
      for (const visit of [first, second]) expectLoginPage(visit, login);
      const authorization = first.trail.find(
        (step) => step.host === oauth && step.pathname === "/oauth2/auth",
      );
      expect(authorization !== undefined, `${path} does not pass ${oauth}/oauth2/auth`);
      expect(!pkce || authorization.searchParams.has("code_challenge"), `${path} asks without PKCE`);
      const policy = scriptPolicy(first.page, second.page, bundlePolicy(env));
      return `${path} ends at ${login}/login with a challenge and ${policy}`;
    },
  });
  const fromAdmin = [hosts.ciamAdmin, hosts.iamAdmin].map((host) =>
    leads(host, "/api/auth/login", hosts.iam, hosts.iamOauth, true),
  );
  return [
    leads(hosts.site, "/login/ciam", hosts.ciam, hosts.ciamOauth),
    leads(hosts.site, "/login/iam", hosts.iam, hosts.iamOauth),
    ...(vantage.place === "office" ? fromAdmin : []),
  ];
}

/** Throws a Finding unless the visit ended at `/login?login_challenge=…` of that host with 200. */
export function expectLoginPage(visit: Visit, login: string): void {
  const { url } = visit.page;
  expectPage(visit);
  expect(
    url.host === login && url.pathname === "/login" && Boolean(url.searchParams.get("login_challenge")),
    `ends at ${nameOf(url)}, not at ${login}/login?login_challenge=…`,
  );
}
