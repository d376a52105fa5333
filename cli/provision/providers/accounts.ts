import { type Environment, servesRealPeople } from "../../../config/load/environment.ts";
import { redirectUri } from "../../../config/load/hosts.ts";
import { environmentFile } from "../../../host/environment-file.ts";
import { OIDC_FACTS } from "./oidc-facts.ts";

/** Which mode of a provider an environment has to use; `own`: an account of its own, where the provider has no test mode. */
export type ProviderMode = "live" | "sandbox" | "own" | "off";

/** One account at a third party, as one environment needs it. */
export interface Account {
  readonly provider: string;
  /** Its purpose. */
  readonly serves: string;
  readonly use: ProviderMode;
  /** Whose account, of which kind. */
  readonly account: string;
  /** Page where it is made. */
  readonly at: string;
  /** What to enter there, by the provider's term for it. */
  readonly register: readonly (readonly [term: string, value: string])[];
  /** Keys of the secrets that it gives. */
  readonly keys: readonly string[];
}

/** Every third party that an environment has to do with, by its configuration alone. */
export const accounts = (env: Environment): Account[] => [
  mail(env),
  ...env.oidcProviders.map((id) => oidc(env, id)),
  turnstile(env, "CIAM"),
  turnstile(env, "IAM"),
  originPulls(env),
  deadman(env),
  stripe(env),
  twilio(env),
];

const providerMode = (env: Environment) => (servesRealPeople(env) ? "live" : "sandbox");

const RELAYS = {
  postmark: ["Postmark", "https://account.postmarkapp.com/servers"],
  ses: ["Amazon SES", "https://console.aws.amazon.com/ses/"],
  smtp: ["Mail relay", "the relay's own console"],
} as const;

function mail(env: Environment): Account {
  const common = { serves: "mail of Kratos", keys: ["SMTP_CONNECTION_URI"] };
  if (env.extras?.mail === "mailpit")
    return {
      ...common,
      provider: "Mailpit",
      use: "sandbox",
      register: [],
      account: "none: it runs beside Kratos and catches everything",
      at: `https://${env.hosts.mail} (from the office)`,
    };
  const [provider, at] = RELAYS[env.email.provider];
  return {
    ...common,
    provider,
    at,
    use: providerMode(env),
    account: servesRealPeople(env)
      ? `${env.name}'s own, with port 587: Hetzner blocks 25 and 465`
      : `${env.name}'s own, of the kind that delivers nothing (Postmark: a server of type Sandbox, whose messages count as volume)`,
    register: [["Sender", `noreply@${env.domain}`]],
  };
}

function oidc(env: Environment, id: Environment["oidcProviders"][number]): Account {
  const { provider, at, redirect, domain, account } = OIDC_FACTS[id];
  return {
    provider,
    serves: `log in with ${provider}`,
    use: "own",
    keys: ["CIAM_OIDC_PROVIDERS"],
    at,
    account: account(env),
    register: [
      [redirect, redirectUri(env.hosts, id)],
      ...(domain ? [[domain[0], domain[1](env)] as const] : []),
    ],
  };
}

function turnstile(env: Environment, side: "CIAM" | "IAM"): Account {
  const isOn = environmentFile(env)[`${side}_CAPTCHA_ENABLED`] === "true";
  return {
    provider: `Turnstile ${side}`,
    serves: "captcha at log in",
    keys: [`${side}_CAPTCHA_SECRET_KEY`],
    use: isOn ? providerMode(env) : "off",
    at: "https://dash.cloudflare.com/?to=/:account/turnstile",
    account: servesRealPeople(env)
      ? `a widget of ${env.name}'s own`
      : `Cloudflare's test keys, which simulated logins pass, or a widget of ${env.name}'s own`,
    register: [["Hostname", side === "CIAM" ? env.hosts.ciam : env.hosts.iam]],
  };
}

const originPulls = (env: Environment): Account => ({
  provider: "Cloudflare",
  serves: "authenticated origin pulls",
  use: "own",
  keys: ["ORIGIN_PULL_CA_CERTIFICATE"],
  register: [["Zone", env.zone.name]],
  at: "https://developers.cloudflare.com/ssl/origin-configuration/authenticated-origin-pull/",
  account:
    "Cloudflare's CA for all its customers, or better that of a client certificate of your own uploaded to the zone",
});

const deadman = (env: Environment): Account => ({
  provider: "Dead man's switch",
  serves: "an alert when a job stays silent",
  use: "own",
  keys: ["DEADMAN_URL"],
  register: [["Checks", "one for each job, by its name"]],
  at: "https://healthchecks.io, or any that takes a ping",
  account: `a project of ${env.name}'s own; off where no alert is wanted`,
});

const stripe = (env: Environment): Account => ({
  provider: "Stripe",
  serves: "payments of the team's applications",
  use: providerMode(env),
  keys: ["STRIPE_SECRET_KEY"],
  register: [],
  at: "https://dashboard.stripe.com/apikeys",
  account: servesRealPeople(env)
    ? "live mode (sk_live_…)"
    : "test mode (sk_test_…, card 4242 4242 4242 4242)",
});

const twilio = (env: Environment): Account => ({
  provider: "Twilio",
  serves: "SMS of the team's applications",
  use: env.extras?.sms ? "own" : providerMode(env),
  keys: ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"],
  register: [],
  at: "https://console.twilio.com",
  account: env.extras?.sms
    ? `a subaccount of ${env.name}'s own: at most ${env.extras.sms.perMonth} SMS a month, for simulation`
    : servesRealPeople(env)
      ? `a subaccount of ${env.name}'s own`
      : "the test credentials, which cost nothing and reach no real person",
});
