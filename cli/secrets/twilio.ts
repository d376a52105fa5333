import type { Environment } from "../../config/load/environment.ts";
import { type SecretFinding, secretProblem } from "./finding.ts";
import type { Mode } from "./modes.ts";
import {
  type FetchFunction,
  fetchFromProvider,
  type ProviderResponse,
  reportedModeFindings,
} from "./provider-client.ts";

const [SID, TOKEN] = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"];
const API = "https://api.twilio.com/2010-04-01/Accounts";
/** What Twilio answers to test credentials that ask for anything but a message, a call or a number. */
const TEST_CREDENTIALS = 20_008;
/** Share of a budget from which a warning is due. */
const NEARLY = 0.8;

/**
 * Twilio's test credentials look like real ones: asked for their account, Twilio refuses them by a number of its own.
 * Real ones are for a rehearsal only where `extras.sms` gives it a budget, and until that is used up this month.
 */
export async function twilioFindings(
  values: Readonly<Record<string, unknown>>,
  env: Environment,
  ask: FetchFunction,
): Promise<SecretFinding[]> {
  const [sid, token] = [values[SID], values[TOKEN]];
  if (
    typeof sid !== "string" ||
    typeof token !== "string" ||
    !/^AC[0-9a-f]{32}$/.test(sid) ||
    token === "off"
  )
    return [];
  const authorization = { Authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString("base64")}` };
  const mode = modeOf(await fetchFromProvider(ask, `${API}/${sid}.json`, authorization));
  const budget = env.extras?.sms?.perMonth;
  if (mode !== "live" || budget === undefined)
    return reportedModeFindings(SID, mode, "this account of Twilio's", env);
  const usage = `${API}/${sid}/Usage/Records/ThisMonth.json?Category=sms`;
  return budgetFindings(sent(await fetchFromProvider(ask, usage, authorization)), budget);
}

function modeOf(answer: ProviderResponse | undefined): Mode | undefined {
  const body = answer?.body as { code?: unknown; sid?: unknown } | null | undefined;
  if (answer?.status === 403 && body?.code === TEST_CREDENTIALS) return "sandbox";
  return answer?.status === 200 && typeof body?.sid === "string" ? "live" : undefined;
}

/** Messages of this month, of the account's own count. */
function sent(answer: ProviderResponse | undefined): number | undefined {
  const records = (answer?.body as { usage_records?: unknown } | null | undefined)?.usage_records;
  if (answer?.status !== 200 || !Array.isArray(records)) return undefined;
  const counts = records.map((record: { count?: unknown } | null) => Number(record?.count));
  return counts.every((count) => Number.isFinite(count) && count >= 0)
    ? counts.reduce((sum, count) => sum + count, 0)
    : undefined;
}

function budgetFindings(count: number | undefined, budget: number): SecretFinding[] {
  if (count === undefined)
    return [
      {
        ...secretProblem(SID, "Twilio does not say how many SMS were sent", "check its console"),
        level: "warning",
      },
    ];
  const found = `${count} SMS this month; the budget is ${budget}`;
  if (count >= budget)
    return [secretProblem(SID, found, "write off until next month, or raise extras.sms.perMonth")];
  return count >= budget * NEARLY ? [{ key: SID, level: "warning", found, remedy: "simulate less" }] : [];
}
