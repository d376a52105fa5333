import { type Check, expect, SkippedCheck } from "../check.ts";
import { adminHosts, isShutOut, openHosts, type Target } from "../target.ts";

/** Admin hosts, and all hosts of a non-production environment, answer 403 outside the office, whatever headers claim. */
export const officeOnly = (target: Target): Check[] =>
  [...adminHosts(target), ...(isShutOut(target) ? openHosts(target) : [])].map((host) => ({
    kind: "office",
    subject: host,
    run: async () => {
      if (target.vantage.place === "office")
        throw new SkippedCheck("only a run from outside shows that it is closed there");
      for (const headers of [{}, claims(target)]) {
        const { status } = await target.client.send(`https://${host}/api/health`, { headers });
        const claiming = Object.keys(headers).length > 0 ? " that claims an office address" : "";
        expect(status === 403, `answers ${status} to a request from outside${claiming}, not 403`);
      }
      return "403 outside the office, also to a claimed office address";
    },
  }));

/** Cloudflare refuses a visitor who sends its own header, so that one is for the machine alone. */
function claims({ env, origin }: Target): Record<string, string> {
  const address = env.office.cidrs[0]?.split("/")[0] ?? "";
  return {
    "x-forwarded-for": address,
    "x-real-ip": address,
    "true-client-ip": address,
    ...(origin ? { "cf-connecting-ip": address } : {}),
  };
}
