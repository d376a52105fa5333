import type { Environment } from "../../../config/load/environment.ts";
import { expectPage, openBrowser } from "../../smoke/browser.ts";
import { expect } from "../../smoke/check.ts";
import { enter } from "../../smoke/checks/login.ts";
import { createSmokeClient, type Route } from "../../smoke/client.ts";

const LIMIT_MS = 30_000;

/**
 * The first administrator logs in to Athena as a browser does: Athena, Hydra of IAM, Hera, Kratos and back. Returns the
 * milliseconds it took. Throws a Finding with the page where it ended otherwise. `limit`: milliseconds that it waits.
 */
export async function adminLogin(
  env: Environment,
  route: Route,
  password: string,
  limit = LIMIT_MS,
): Promise<number> {
  const client = createSmokeClient(route, Object.values(env.hosts), AbortSignal.timeout(limit), limit);
  try {
    const begin = performance.now();
    const browser = openBrowser(client);
    const email = env.firstAdministrator;
    const form = await browser.visit(`https://${env.hosts.iamAdmin}/`);
    const inside = await enter(browser, form, { email, password });
    expectPage(inside);
    const { host } = inside.page.url;
    expect(
      host === env.hosts.iamAdmin && inside.page.body.includes(email),
      `the login ended at ${host} instead of Athena`,
    );
    return Math.round(performance.now() - begin);
  } finally {
    client.close();
  }
}
