import { type Environment, servesRealPeople } from "../../config/load/environment.ts";
import { type SecretFinding, secretProblem } from "./finding.ts";

/** Whether a provider acts on a value or only tests with it. */
export type Mode = "live" | "sandbox";
type Known = { readonly mode: Mode; readonly what: string };

/** Marks that providers put into values so that they can be told apart. */
const MARKS: readonly (readonly [mark: RegExp, mode: Mode, what: string])[] = [
  [/\b[srp]k_live_/, "live", "a live key of a payment provider"],
  [/\b[srp]k_test_/, "sandbox", "a test key of a payment provider"],
  [/\b[123]x0{31}AA\b/, "sandbox", "a test key of Turnstile's, which is public"],
  [/\bPOSTMARK_API_TEST\b/, "sandbox", "Postmark's test token"],
  [/simulator\.amazonses\.com/i, "sandbox", "the mailbox simulator of SES"],
  [/\+15005550\d{3}\b/, "sandbox", "a magic number of Twilio's test credentials"],
];

/** Hosts that catch mail instead of delivering it. */
const CATCHERS =
  /^(mailpit|mailhog|localhost|127\..*|\[::1\]|(sandbox\.)?smtp\.mailtrap\.io|smtp\.ethereal\.email)$/;
export const POSTMARK = /^smtp(-broadcasts)?\.postmarkapp\.com$/;
const SES = /^email-smtp[\w.-]*\.amazonaws\.com$/;

/** Relay of each provider that config/base.ts may name. */
export const RELAYS = { postmark: POSTMARK, ses: SES, smtp: /./ } as const;

/** Host of a mail URI in small letters: URLs keep the case of hosts whose scheme they do not know. */
export const mailHost = (uri: string): string | undefined =>
  /^smtps?:/.test(uri) && URL.canParse(uri) ? new URL(uri).hostname.toLowerCase() : undefined;

/** What a value is, by its form; undefined when it is neither, or when the form does not tell. */
export function modeOf(value: string): Known | undefined {
  const mark = MARKS.find(([pattern]) => pattern.test(value));
  if (mark) return { mode: mark[1], what: mark[2] };
  const host = mailHost(value);
  if (!host || POSTMARK.test(host)) return undefined;
  if (CATCHERS.test(host)) return { mode: "sandbox", what: "a host that catches mail" };
  return SES.test(host)
    ? { mode: "live", what: "an account of SES, whose URI does not show whether it reaches people" }
    : { mode: "live", what: "a relay that reaches people" };
}

/** Values of the wrong mode: live ones in a non-production environment, test ones in production. */
export const modeFindings = (values: Readonly<Record<string, string>>, env: Environment): SecretFinding[] =>
  Object.entries(values).flatMap(([key, value]) => modeMismatch(key, modeOf(value), env));

/** The finding where a value's mode does not fit the environment. */
export function modeMismatch(key: string, known: Known | undefined, env: Environment): SecretFinding[] {
  const isReal = servesRealPeople(env);
  if (!isReal && known?.mode === "live")
    return [
      secretProblem(
        key,
        `${known.what}; ${env.name} is a non-production environment`,
        "enter the provider's test value: this one reaches real people",
      ),
    ];
  if (isReal && known?.mode === "sandbox")
    return [
      secretProblem(key, `${known.what}; ${env.name} serves real people`, "enter the provider's live value"),
    ];
  return [];
}
