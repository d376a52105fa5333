import { explainResponse, nameOf } from "../answers.ts";
import { type Browser, expectPage, openBrowser, type Visit } from "../browser.ts";
import { type Check, expect, SkippedCheck, SmokeFailure } from "../check.ts";
import { formWith, submission } from "../form.ts";
import type { Target } from "../target.ts";
import { userVariables } from "../user.ts";
import { expectLoginPage } from "./login-page.ts";

/** A synthetic customer logs in at the site, as a browser does, and the site gets its tokens. */
export const login = (target: Target): Check[] => [
  {
    kind: "login",
    subject: target.env.hosts.site,
    run: async () => {
      const { env, user, client } = target;
      if (!user) throw new SkippedCheck(`no user to log in as: set ${userVariables(env.name).join(" and ")}`);
      const begin = performance.now();
      const browser = openBrowser(client);
      const page = await browser.visit(`https://${env.hosts.site}/login/ciam`);
      expectLoginPage(page, env.hosts.ciam);
      const entered = await enter(browser, page, user);
      await expectCallback(await consented(browser, entered, env.hosts.ciam), env.hosts.site);
      return `${user.email} logged in within ${Math.round(performance.now() - begin)} ms`;
    },
  },
];

/** Fills in the login form of a page and sends it. Throws a Finding when the person is not let in. */
export async function enter(
  browser: Browser,
  { page }: Visit,
  user: NonNullable<Target["user"]>,
): Promise<Visit> {
  const form = formWith("input[type=password]", page.body, page.url);
  const [name, secret] = [form.named("email") ?? form.named("text"), form.named("password")];
  if (!name || !secret) throw new SmokeFailure(`the form of ${page.url.host} has no field for a name`);
  const next = await browser.visit(
    form.action,
    submission(form, { [name]: user.email, [secret]: user.password }),
  );
  if (next.page.url.pathname === "/login")
    throw new SmokeFailure(
      [400, 401].includes(next.page.status) || next.page.status === 200
        ? "the login page refused the user: wrong password, unverified address or locked out"
        : explainResponse(next.page),
    );
  return next;
}

/** Says yes where somebody logs in for the first time and is asked. */
async function consented(browser: Browser, visit: Visit, host: string): Promise<Visit> {
  if (visit.page.url.host !== host || visit.page.url.pathname !== "/consent") return visit;
  expectPage(visit);
  const form = formWith("[name=consent_challenge], [name^='$ACTION']", visit.page.body, visit.page.url);
  return browser.visit(form.action, submission(form));
}

function expectCallback({ page, trail }: Visit, site: string): void {
  const callback = trail.find((url) => url.host === site && url.pathname === "/callback/ciam");
  expect(
    callback !== undefined,
    `the login ends at ${nameOf(page.url)} (${page.status}), not at the site's callback`,
  );
  const refusal = callback.searchParams.get("error");
  expect(
    refusal === null,
    `Hydra refused: ${refusal} ${callback.searchParams.get("error_description") ?? ""}`,
  );
  expect(callback.searchParams.has("code"), "Hydra gave the site no code");
  expect(page.status < 400, `the site got no tokens: ${explainResponse(page)}`);
}
