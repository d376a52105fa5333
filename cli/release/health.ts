import { z } from "zod";
import { HEALTH } from "../../host/machine-layout.ts";
import { parsedJson } from "../../lib/json.ts";

// Of what the current start has said, only its own words: podman writes each of its events under the same unit.
const INVOCATION =
  '_SYSTEMD_INVOCATION_ID="$(systemctl show olympus.service -p InvocationID --value)" -t olympus-start';

/** The last lines that the current start has written. */
export const READ_LOG = `journalctl ${INVOCATION} -n 20 -o cat --no-pager`;

/**
 * Asks the unit, lets the sentinel look once the unit is up, and reads what it wrote. The reset is for systemd, which
 * refuses a sixth start within ten seconds.
 */
export const READ_HEALTH = [
  "systemctl show olympus.service -p ActiveState,SubState,Job,ReloadResult",
  // Not while it reloads: a look takes time from what is being started.
  'if [ "$(systemctl is-active olympus.service)" = active ]; then',
  "  systemctl reset-failed olympus-health.service || true",
  "  systemctl start olympus-health.service || true",
  "fi",
  `echo "line=$(journalctl ${INVOCATION} -n 1 -o cat)"`,
  `if [ -f ${HEALTH} ]; then jq -c . ${HEALTH} || true; fi`,
].join("\n");

const containerSchema = z.object({
  name: z.string(),
  state: z.string(),
  health: z.string(),
  restarts: z.number(),
  exit: z.number(),
});

/** health.json of the machine, written by olympus-health. */
export const healthSchema = z.object({
  healthy: z.boolean(),
  checked_at: z.string(),
  release: z.string(),
  problems: z.array(z.string()),
  disk_percent: z.number(),
  units: z.array(z.object({ name: z.string(), state: z.string() })),
  containers: z.array(containerSchema),
});
export type Health = z.infer<typeof healthSchema>;

/** healthy; starting: wait; unwell: up, and something is wrong, which may pass; failed: waiting is of no use. */
export type HealthVerdict =
  | { readonly is: "healthy" }
  | { readonly is: "starting"; readonly line: string }
  | { readonly is: "unwell" | "failed"; readonly problems: readonly string[] };

/** Reads health.json; undefined when it is none. */
export const parseHealth = (text: string): Health | undefined =>
  healthSchema.safeParse(parsedJson(text)).data;

/** What the answer to {@link READ_HEALTH} means for a release. */
export function assessHealth(answer: string, release: string): HealthVerdict {
  const lines = answer.split("\n");
  const value = (name: string): string =>
    lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  // A job is queued or runs: the state may still be that of the release before.
  if (value("Job") || value("ActiveState") === "deactivating") return { is: "starting", line: value("line") };
  if (value("ActiveState") === "failed" || value("SubState") === "auto-restart")
    return { is: "failed", problems: [value("line") || "olympus.service failed without output"] };
  if (value("ActiveState") === "inactive")
    return { is: "failed", problems: ["olympus.service did not start"] };
  if (value("ActiveState") !== "active") return { is: "starting", line: value("line") };
  // The unit stays active: what was not reached yet serves as before.
  const reload = value("ReloadResult");
  if (!["", "success"].includes(reload))
    return { is: "failed", problems: [`the reload of olympus.service failed (${reload})`, value("line")] };
  const health = parseHealth(lines.find((line) => line.startsWith("{")) ?? "");
  if (!health) return { is: "unwell", problems: ["the machine has not written a health report"] };
  if (health.release !== release)
    return { is: "unwell", problems: [`the health report is of ${health.release}, not of ${release}`] };
  return health.healthy ? { is: "healthy" } : { is: "unwell", problems: health.problems };
}
