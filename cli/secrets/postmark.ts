import type { Environment } from "../../config/load/environment.ts";
import type { SecretFinding } from "./finding.ts";
import { type Mode, mailHost, modeOf, POSTMARK } from "./modes.ts";
import { type FetchFunction, fetchFromProvider, reportedModeFindings } from "./provider-client.ts";

/**
 * Postmark's tokens look alike: the server that one belongs to says itself whether it delivers (GET /server of its API,
 * `DeliveryType`: Live or Sandbox).
 */
export async function postmarkFindings(
  { SMTP_CONNECTION_URI: uri }: Readonly<Record<string, unknown>>,
  env: Environment,
  ask: FetchFunction,
): Promise<SecretFinding[]> {
  if (typeof uri !== "string" || !POSTMARK.test(mailHost(uri) ?? "") || modeOf(uri)) return [];
  return reportedModeFindings(
    "SMTP_CONNECTION_URI",
    await deliveryType(uri, ask),
    "this server of Postmark's",
    env,
  );
}

async function deliveryType(uri: string, ask: FetchFunction): Promise<Mode | undefined> {
  const { username } = new URL(uri);
  const answer = await fetchFromProvider(ask, "https://api.postmarkapp.com/server", {
    "X-Postmark-Server-Token": unescaped(username),
  });
  const type = (answer?.body as { DeliveryType?: unknown } | null | undefined)?.DeliveryType;
  return type === "Live" ? "live" : type === "Sandbox" ? "sandbox" : undefined;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
