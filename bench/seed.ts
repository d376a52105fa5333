import bcrypt from "bcryptjs";
import { execa } from "execa";
import type { AdminApis } from "../cli/shared/admin-apis.ts";
import { expectJson, type HttpClient } from "../cli/shared/http-client.ts";
import { Kratos } from "../cli/staging/seed/kratos.ts";
import { ordinary, type Person } from "../cli/staging/seed/people.ts";
import { sendPeople } from "../cli/staging/seed/send.ts";
import { Failure } from "../lib/failure.ts";
import { median, pairedRatio } from "../lib/statistics.ts";

export interface Speed {
  readonly name: string;
  readonly perSecond: number;
}

/** A way to send batches, beside the one that `olympus seed` takes. */
export interface Point extends Speed {
  readonly batch: number;
  readonly inFlight: number;
  readonly shipped: boolean;
  /** The shipped way's speed through this one's, in the same round; the median. */
  readonly ratio: number;
}

const LOOPED = 16;
const AT_ONCE = 32;
/** The last of them waits until all others are hashed. */
const PATIENCE_MS = 600_000;
/** Plain, as the seed document has it, so that Kratos hashes each; made up, since these people can log in. */
const PASSWORD = crypto.randomUUID();
const MIX = { default: 100, customer: 0, organizational: 0, admin: 0 };

/** People nobody has made before: their numbers begin where this second leads. */
let next = 100_000_000 + (Math.floor(Date.now() / 1000) % 40_000) * 20_000;
const fresh = (): Person => ({ ...ordinary(next++, 0, MIX), set: "bench" });

const plainBody = () => ({
  schema_id: "default",
  traits: fresh().traits,
  credentials: { password: { config: { password: PASSWORD } } },
  state: "active",
});

/** The seed document's loop: curl, one after the other. */
export async function loop(admin: string): Promise<Speed> {
  const script = `while read -r body; do curl -sS -f -o /dev/null -X POST "$0/admin/identities" -d "$body" || exit 1; done`;
  const input = Array.from({ length: LOOPED }, () => `${JSON.stringify(plainBody())}\n`).join("");
  const began = performance.now();
  const { exitCode, stderr } = await execa("bash", ["-c", script, admin], { input, reject: false });
  if (exitCode !== 0) throw new Failure(`the loop of curl failed: ${stderr}`);
  return speed(`curl, one after the other (${LOOPED})`, LOOPED, began);
}

/** What comes to mind next. */
export async function promiseAll(admin: HttpClient): Promise<Speed> {
  const bodies = Array.from({ length: AT_ONCE }, plainBody);
  const began = performance.now();
  const answers = await Promise.all(
    bodies.map((body) => admin("POST", "/admin/identities", { body, timeoutMs: PATIENCE_MS })),
  );
  for (const answer of answers) expectJson("a POST", answer, 201);
  return speed(`Promise.all of POSTs (${AT_ONCE})`, AT_ONCE, began);
}

/**
 * Batches with a hash made before, by size and requests at once, in turn; the median of each. Ratios are of pairs of one
 * round, so that a machine whose speed drifts favours nobody.
 */
export async function grid(
  { ciam, iam }: AdminApis,
  count: number,
  rounds: number,
  shipped: { readonly batch: number; readonly inFlight: number },
): Promise<Point[]> {
  const kratos = { ciam: new Kratos(ciam.kratos.admin), iam: new Kratos(iam.kratos.admin) };
  const hash = await bcrypt.hash(PASSWORD, 12);
  const points = [25, 50, 100, 200].flatMap((batch) =>
    [1, 2, 4, 8].map((inFlight) => ({ batch, inFlight, speeds: [] as number[] })),
  );
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const { batch, inFlight, speeds } of points) {
      const people = Array.from({ length: count }, fresh);
      const began = performance.now();
      const options = { kratos, seed: 0, hash, batch, inFlight, patienceMs: 60_000, onProgress: () => {} };
      const { created, failed } = await sendPeople(people, options);
      if (created !== count) throw new Failure(`${failed.length} could not be made: ${failed[0]?.reason}`);
      if (round > 0) speeds.push(speed("", count, began).perSecond);
    }
  }
  const isShipped = (point: { batch: number; inFlight: number }) =>
    point.batch === shipped.batch && point.inFlight === shipped.inFlight;
  const own = points.find(isShipped)?.speeds ?? [];
  return points.map(({ batch, inFlight, speeds }) => ({
    ...{ batch, inFlight, shipped: isShipped({ batch, inFlight }) },
    name: `batches of ${batch}, ${inFlight} at once`,
    perSecond: median(speeds),
    ratio: pairedRatio(own, speeds),
  }));
}

const speed = (name: string, count: number, began: number): Speed => ({
  name,
  perSecond: (count * 1000) / (performance.now() - began),
});
