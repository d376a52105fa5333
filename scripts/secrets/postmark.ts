import type { Environment } from "../../config/environment.ts";
import { type Ask, answerOf, toldFindings } from "./asking.ts";
import type { Finding } from "./finding.ts";
import { type Mode, mailHost, modeOf, POSTMARK } from "./modes.ts";

/**
 * Postmark's tokens look alike: the server that one belongs to says itself whether it delivers (GET /server of its API,
 * `DeliveryType`: Live or Sandbox).
 */
export async function postmarkFindings(
  { SMTP_CONNECTION_URI: uri }: Readonly<Record<string, unknown>>,
  env: Environment,
  ask: Ask,
): Promise<Finding[]> {
  if (typeof uri !== "string" || !POSTMARK.test(mailHost(uri) ?? "") || modeOf(uri)) return [];
  return toldFindings("SMTP_CONNECTION_URI", await deliveryType(uri, ask), "this server of Postmark's", env);
}

async function deliveryType(uri: string, ask: Ask): Promise<Mode | undefined> {
  const { username } = new URL(uri);
  const answer = await answerOf(ask, "https://api.postmarkapp.com/server", {
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
