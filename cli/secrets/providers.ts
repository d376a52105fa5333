import { type Environment, servesRealPeople } from "../../config/load/environment.ts";
import { environmentFile } from "../../host/environment-file.ts";
import { type SecretFinding, secretProblem } from "./finding.ts";
import { mailHost, RELAYS } from "./modes.ts";
import { oidcProviders } from "./oidc.ts";

type Values = Readonly<Record<string, string>>;

/** Whether what providers gave fits what the configuration says of them. */
export const providerFindings = (values: Values, env: Environment): SecretFinding[] => [
  ...(values.SMTP_CONNECTION_URI === undefined ? [] : mailFindings(values.SMTP_CONNECTION_URI, env)),
  ...(values.CIAM_OIDC_PROVIDERS === undefined ? [] : oidcFindings(values.CIAM_OIDC_PROVIDERS, env)),
  ...captchaFindings(values, env),
  ...pairFindings(values),
];

/** Half an account is none. Said of the token, so that `rotate` can change the account and then the token. */
function pairFindings({ TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token }: Values): SecretFinding[] {
  if (sid === undefined || token === undefined || (sid === "off") === (token === "off")) return [];
  const found =
    token === "off" ? "off, while TWILIO_ACCOUNT_SID is not" : "there, while TWILIO_ACCOUNT_SID is off";
  return [
    secretProblem(
      "TWILIO_AUTH_TOKEN",
      found,
      "change TWILIO_ACCOUNT_SID first: both are set, or both are off",
    ),
  ];
}

function mailFindings(uri: string, env: Environment): SecretFinding[] {
  const { email, extras, name } = env;
  const key = "SMTP_CONNECTION_URI";
  const host = mailHost(uri);
  // Kratos, which is written in Go, must not see another host than this program does.
  if (!host || /\\|@.*@/.test(uri))
    return [secretProblem(key, "an ambiguous URL", "percent-encode what is special in user and password")];
  if (extras?.mail === "mailpit")
    return host === "mailpit"
      ? []
      : [
          secretProblem(
            key,
            "another relay than Mailpit",
            `config/${name}.ts says mailpit: enter ${MAILPIT_URI}`,
          ),
        ];
  if (servesRealPeople(env) && !RELAYS[email.provider].test(host))
    return [
      secretProblem(key, `another relay than ${email.provider}'s`, "config/base.ts names the provider"),
    ];
  // Without a port it is 25, or 465 for smtps.
  const remedy = "use smtp:// and port 587 or 2525, or ask Hetzner to open it";
  return ["", "25", "465"].includes(new URL(uri).port)
    ? [{ key, level: "warning", found: "port 25 or 465, which Hetzner blocks at first", remedy }]
    : [];
}

/** Mailpit speaks no TLS inside the host. */
export const MAILPIT_URI = "smtp://mailpit:1025/?disable_starttls=true";

function oidcFindings(value: string, { oidcProviders: wanted }: Environment): SecretFinding[] {
  const key = "CIAM_OIDC_PROVIDERS";
  const found = oidcProviders(value);
  if (!found)
    return [
      secretProblem(
        key,
        "not a list of providers that Kratos can read",
        "enter JSON as docs/runbooks/secrets.md shows",
      ),
    ];
  const [have, want] = [
    found
      .map(({ id }) => id)
      .sort()
      .join(", "),
    [...wanted].sort().join(", "),
  ];
  return have === want
    ? []
    : [
        secretProblem(
          key,
          `the providers ${have || "(none)"}`,
          `config/base.ts names ${want || "none"}: make them equal`,
        ),
      ];
}

function captchaFindings(values: Values, env: Environment): SecretFinding[] {
  const plain = environmentFile(env);
  return ["CIAM", "IAM"]
    .filter(
      (side) => plain[`${side}_CAPTCHA_ENABLED`] === "true" && values[`${side}_CAPTCHA_SECRET_KEY`] === "off",
    )
    .map((side) =>
      secretProblem(
        `${side}_CAPTCHA_SECRET_KEY`,
        "off, while Turnstile is on",
        "enter its secret: otherwise every login fails",
      ),
    );
}
