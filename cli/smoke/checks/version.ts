import { z } from "zod";
import { fetchJson } from "../answers.ts";
import { type Check, expect, SkippedCheck } from "../check.ts";
import type { Target } from "../target.ts";

const versionSchema = z.object({ version: z.string().optional() });
const NUMBER = /^v?(\d+\.\d+(\.\d+)?([-+][\w.+-]+)?)$/;

/** What runs is what config/images.ts pins, where an application reports it. Hydra and Kratos report theirs only inside. */
export function version(target: Target): Check[] {
  const { hosts, images } = target.env;
  const held = (host: string, path: string, pin: string): Check => ({
    kind: "version",
    subject: host,
    run: async () => {
      const reported = (await fetchJson(target.client, `https://${host}${path}`, versionSchema)).version;
      if (!reported) throw new SkippedCheck(`${path} reports no version`);
      const [running, pinned] = [NUMBER.exec(reported)?.[1], NUMBER.exec(pin)?.[1]];
      if (!running)
        throw new SkippedCheck(`reports ${JSON.stringify(reported)}, which is not a version number`);
      if (!pinned) throw new SkippedCheck(`runs ${running}; the pin ${pin} is not a version number`);
      expect(running === pinned, `runs ${running}, config/images.ts pins ${pin}`);
      return `runs ${running}, as pinned`;
    },
  });
  return [
    held(hosts.site, "/health", images.site.tag),
    held(hosts.ciam, "/health", images.hera.tag),
    held(hosts.iam, "/health", images.hera.tag),
    ...(target.vantage.place === "office"
      ? [
          held(hosts.ciamAdmin, "/api/health", images.athena.tag),
          held(hosts.iamAdmin, "/api/health", images.athena.tag),
        ]
      : []),
  ];
}
