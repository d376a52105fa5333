import type { Fleet } from "../../../config/index.ts";
import type { Environment } from "../../../config/load/environment.ts";
import { ATTACHMENT_ADDRESS, SERVER_ADDRESS, VOLUME_ADDRESS } from "../../../config/load/names.ts";
import { Failure } from "../../../lib/failure.ts";
import { type PlanSummary, summarise } from "../../shared/plan/summary.ts";
import { planLines } from "../../shared/plan/text.ts";
import { adopt, applyTargets, outputsOf, synthesize } from "../../shared/terraform.ts";
import type { PlanRun, StackFolder } from "../../shared/terraform-process.ts";
import { hibernatedValue, tokenVariables } from "../../shared/tokens.ts";

/** A decision that is overdue keeps nobody from waking a machine. */
const THOUGH_EXPIRED = { OLYMPUS_EXPIRED: "passes" };

/** The server of an environment, and what hangs on it, by its Terraform addresses without an index. */
const SERVER = [SERVER_ADDRESS, ATTACHMENT_ADDRESS];

/** Ids of the server that Hetzner has, and of its data volume where that is attached to it. */
export interface ExistingServer {
  readonly server: number;
  readonly volume?: number | undefined;
}

/** What a night does to the clouds. Only the server and its attachment: volume, addresses and DNS are never in the plan. */
export interface HibernationCloud {
  /** Since when the state says that there is no server. */
  since(): Promise<Date | undefined>;
  /**
   * Removes the server and notes when in the state; nothing to do when both are done. `now`: by whose clock. Throws before
   * it touches anything when the plan holds anything else, and a {@link PartialDelete} when it had begun.
   */
  remove(now: () => Promise<Date>): Promise<void>;
  /**
   * Orders the server, of its declared type or of another one. Whether that type cannot be had now. `existing`:
   * what Hetzner has; nothing is done about it, unless a killed order left it unknown to the state: then it is replaced.
   * Throws a {@link Failure} on anything but a want of capacity.
   */
  order(type: string, existing?: ExistingServer): Promise<"ordered" | "short">;
}

/** The delete had begun when it failed: from then on only another run of the same command knows what is left. */
export class PartialDelete extends Failure {}

/** Through Terraform, as the shell's tokens allow. */
export function createHibernationCloud(env: Environment, fleet: Fleet): HibernationCloud {
  const folder = (hibernated: string): StackFolder => ({
    stack: env.name,
    variables: { ...tokenVariables([env.name], fleet), ...hibernatedValue(env.name, hibernated) },
  });
  const since = async (): Promise<Date | undefined> => {
    await synthesize(THOUGH_EXPIRED);
    const { hibernated } = await outputsOf(folder(""));
    return typeof hibernated === "string" && hibernated ? new Date(hibernated) : undefined;
  };
  const adopted = (address: string, id: number): Promise<boolean> =>
    adopt(folder(""), address, String(id), VOLUME_ADDRESS);
  const takeIn = async ({ server, volume }: ExistingServer): Promise<boolean> => {
    const news = [await adopted(`${SERVER_ADDRESS}[0]`, server)];
    if (volume !== undefined) news.push(await adopted(`${ATTACHMENT_ADDRESS}[0]`, volume));
    return news.includes(true);
  };
  return {
    since,
    async remove(now) {
      // A delete that failed in the middle has noted its time too: only the plan knows whether the server is gone.
      const noted = await since();
      let began = false;
      await applyTargets(folder((noted ?? (await now())).toISOString()), SERVER, (plan) => {
        began = allowOnly(env.name, plan, (action, address) => action === "destroy" && isServer(address)) > 0;
      }).catch((error: unknown) => {
        throw began && error instanceof Failure ? new PartialDelete(error.message) : error;
      });
      if (!began) return;
      // That was the time of the plan; an hour of the bill may have begun until the delete.
      await applyTargets(folder((await now()).toISOString()), SERVER, (plan) =>
        allowOnly(env.name, plan, () => false),
      );
    },
    async order(type, existing) {
      await synthesize({
        ...THOUGH_EXPIRED,
        ...(type !== env.hostType && { OLYMPUS_HOST_TYPE: `${env.name}=${type}` }),
      });
      const isStray = existing !== undefined && (await takeIn(existing));
      try {
        await applyTargets(folder(""), SERVER, (plan) =>
          // What the server hangs on may be brought up to date; a server that is there is not touched.
          allowOnly(env.name, plan, (action, address) => {
            if (action === "destroy" || action === "forget") return false;
            return isServer(address) ? action === "create" || isStray : action !== "replace";
          }),
        );
        return "ordered";
      } catch (error) {
        // Error code of Hetzner's API for "error during placement"; the provider prints it in brackets.
        if (error instanceof Failure && error.message.includes("resource_unavailable")) return "short";
        throw error;
      }
    },
  };
}

type Action = PlanSummary["changes"][number]["action"];
const isServer = (address: string): boolean => SERVER.includes(address.replace(/\[0\]$/, ""));

/** How many changes a plan holds. Throws unless each is one that `may` be. */
function allowOnly(
  stack: string,
  { json }: PlanRun,
  may: (action: Action, address: string) => boolean,
): number {
  const summary = summarise(stack, json);
  const strange = summary.changes.filter(({ action, address }) => !may(action, address));
  if (strange.length)
    throw new Failure(
      [
        `Nothing was changed: the plan of ${stack} holds more than its server:`,
        ...planLines({ ...summary, changes: strange, outputs: [] }),
        `Read it with \`npx cdktf diff ${stack}\` and deploy it first.`,
      ].join("\n"),
    );
  return summary.changes.length;
}
