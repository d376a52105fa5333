import { z } from "zod";
import { explainResponse, fetchJson } from "../answers.ts";
import { type Check, expect } from "../check.ts";
import type { Target } from "../target.ts";

const statusSchema = z.object({ status: z.literal("ok") });

/** Every application that we may ask says that it is well. */
export function health(target: Target): Check[] {
  const { client, env, vantage } = target;
  const { hosts, extras } = env;
  const reports = (host: string, path: string): Check => ({
    kind: "health",
    subject: host,
    run: async () =>
      `${path} says ${(await fetchJson(client, `https://${host}${path}`, statusSchema)).status}`,
  });
  const answers = (host: string, path: string): Check => ({
    kind: "health",
    subject: host,
    run: async () => {
      const answer = await client.send(`https://${host}${path}`);
      expect(answer.status === 200, explainResponse(answer));
      return `${path} answers 200`;
    },
  });
  const inside = [
    reports(hosts.ciamAdmin, "/api/health"),
    reports(hosts.iamAdmin, "/api/health"),
    answers(hosts.pgadmin, "/misc/ping"),
    ...(extras?.mail === "mailpit" ? [answers(hosts.mail, "/readyz")] : []),
  ];
  return [
    reports(hosts.ciamOauth, "/health/ready"),
    reports(hosts.iamOauth, "/health/ready"),
    reports(hosts.ciam, "/health"),
    reports(hosts.iam, "/health"),
    answers(hosts.site, "/health"),
    ...(vantage.place === "office" ? inside : []),
  ];
}
