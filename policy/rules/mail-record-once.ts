import { withResources } from "../examples.ts";
import { everywhere, repeated, show } from "../resources.ts";
import type { Rule } from "../rule.ts";
import { partsOf, purposeOf } from "../zone-records.ts";

const spf = (name: string, include: string) => ({
  zone_id: "1",
  name,
  type: "TXT",
  content: `"v=spf1 include:${include} ~all"`,
});
const dmarc = (policy: string) => ({
  zone_id: "1",
  name: "_dmarc.x.com",
  type: "TXT",
  content: `"v=DMARC1; p=${policy}"`,
});

export const rule: Rule = {
  id: "mail-record-once",
  reason:
    "A name with two SPF or two DMARC records has none: receivers take it for an error (RFC 7208, 4.5; RFC 7489, 6.6.3).",
  remedy: "Put all terms into one record, declared in one stack.",
  check: (subjects) => {
    const records = everywhere(subjects, "cloudflare_dns_record").filter(({ body }) =>
      ["spf", "dmarc", "dkim"].includes(purposeOf(partsOf(body)) ?? ""),
    );
    return repeated(records, ({ body }) =>
      JSON.stringify([body.zone_id, body.name, purposeOf(partsOf(body))]),
    ).map(({ stack, path, body }) => ({
      stack,
      path: `${path}.content`,
      found: `${show(body.name)} has another ${purposeOf(partsOf(body))} record`,
    }));
  },
  passing: [
    withResources("cloudflare_dns_record", {
      a: spf("x.com", "a.com"),
      b: spf("y.x.com", "a.com"),
      c: dmarc("none"),
    }),
  ],
  failing: [
    withResources("cloudflare_dns_record", { a: spf("x.com", "a.com"), b: spf("x.com", "b.com") }),
    withResources("cloudflare_dns_record", { a: dmarc("none"), b: dmarc("reject") }),
  ],
};
