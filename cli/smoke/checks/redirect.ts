import { location } from "../answers.ts";
import { type Check, expect, SkippedCheck } from "../check.ts";
import { type Target, visibleHosts } from "../target.ts";

/** Plain http is sent to https, to the same host, path and query. */
export const redirect = (target: Target): Check[] =>
  visibleHosts(target).map((host) => ({
    kind: "https",
    subject: host,
    run: async () => {
      if (target.client.route.port) throw new SkippedCheck("port 80 is unknown where --resolve names a port");
      const path = `${host}/smoke?of=https`;
      const to = location(await target.client.send(`http://${path}`)).href;
      expect(to === `https://${path}`, `http://${path} leads to ${to}, not to https://${path}`);
      return "http leads to https";
    },
  }));
