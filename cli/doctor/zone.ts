import { z } from "zod";
import { cloudflareAs, read } from "./cloud-api.ts";
import { inOrder, type Row, toDo } from "./row.ts";
import { composed, type DoctorSubject } from "./subject.ts";
import { tokenOf, tokenRow } from "./tokens.ts";

/** The zone at Cloudflare, before anything is deployed into it. */
export const zoneRows = ({ name, zone, zoneStack }: DoctorSubject): Row[] => [
  {
    id: `zone.${zone}`,
    title: `the zone ${zone} at Cloudflare`,
    page: "docs/runbooks/provision.md#when-it-fails",
    needs: [tokenRow("cloudflare", name)],
    remedy: [
      "https://dash.cloudflare.com: add the zone; at the registrar, enter the name servers that it shows",
    ],
    async check() {
      const { fleet, environment } = composed(name);
      const { id } = environment.zone;
      const { result } = await read(cloudflareAs(tokenOf("cloudflare", name)), `/zones/${id}`, zoneSchema);
      if (result.name !== zone)
        return toDo(
          `${id} is the id of ${result.name}`,
          `write the id of ${zone} into zones of config/base.ts`,
        );
      if (result.status !== "active")
        return toDo(`it is ${result.status}: its name servers are not asked yet`);
      const [plan, wanted] = [PLANS.indexOf(result.plan.legacy_id), PLANS.indexOf(fleet.base.cloudflarePlan)];
      if (plan >= 0 && plan < wanted)
        return toDo(
          `its plan is ${result.plan.legacy_id}, and config/base.ts says ${fleet.base.cloudflarePlan}`,
          `write cloudflarePlan: "${result.plan.legacy_id}", or buy the other plan`,
        );
      return inOrder(`active, plan ${result.plan.legacy_id}`);
    },
  },
  {
    id: `zone.rules.${zone}`,
    title: `no rules in ${zone} from the dashboard`,
    page: "docs/runbooks/provision.md#before-the-first-time",
    needs: [tokenRow("cloudflare", zoneStack), `zone.${zone}`],
    remedy: [
      "delete them at https://dash.cloudflare.com (Security, Caching), or import them: a phase has one ruleset",
    ],
    async check() {
      const { id } = composed(name).environment.zone;
      const ask = cloudflareAs(tokenOf("cloudflare", zoneStack));
      const { result } = await read(ask, `/zones/${id}/rulesets`, rulesetsSchema);
      const foreign = result.filter(({ kind, name: title }) => kind === "zone" && !OWN_RULESET.test(title));
      return foreign.length
        ? toDo(`rulesets of others: ${foreign.map(({ phase }) => phase).join(", ")}`)
        : inOrder("none but ours");
    },
  },
];

const PLANS = ["free", "pro", "business", "enterprise"];
const OWN_RULESET = /^Olympus/;
const zoneSchema = z.object({
  result: z.object({ name: z.string(), status: z.string(), plan: z.object({ legacy_id: z.string() }) }),
});
const rulesetsSchema = z.object({
  result: z.array(z.object({ kind: z.string(), name: z.string().default(""), phase: z.string() })),
});
