import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Environment } from "../../config/load/environment.ts";
import { PUBLISHED } from "../../config/load/hosts.ts";
import { type SecretFinding, secretProblem } from "./finding.ts";

type Values = Readonly<Record<string, string>>;
const DAY_MS = 86_400_000;

/** Whether certificates can be read, are in date, fit their keys and carry the names that clients ask for. */
export function certificateFindings(values: Values, env: Environment, now: Date): SecretFinding[] {
  const parsed = Object.entries(values)
    .filter(([, value]) => value.startsWith("-----BEGIN CERTIFICATE-----"))
    .map(([key, value]) => [key, certificate(value)] as const);
  const unreadable = parsed.filter(([, found]) => !found).map(([key]) => key);
  const certificates = new Map(parsed);
  const days = env.monitoring.certificateDays;
  return [
    ...unreadable.map((key) => secretProblem(key, "not a readable certificate", "enter it as PEM")),
    ...parsed.flatMap(([key, found]) => (found ? ageFindings(key, found, now, days) : [])),
    ...postgresFindings(certificates, values),
    ...originFindings(certificates.get("ORIGIN_TLS_CERTIFICATE"), values, env),
  ];
}

function certificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function ageFindings(
  key: string,
  { validFrom, validTo }: X509Certificate,
  now: Date,
  days: number,
): SecretFinding[] {
  const left = Math.floor((Date.parse(validTo) - now.getTime()) / DAY_MS);
  const rotate = `rotate ${key}`;
  if (Date.parse(validFrom) > now.getTime())
    return [secretProblem(key, `not valid before ${validFrom}`, rotate)];
  if (left < 0) return [secretProblem(key, `it expired on ${validTo}`, rotate)];
  return left < days ? [{ key, level: "warning", found: `it expires in ${left} days`, remedy: rotate }] : [];
}

function postgresFindings(
  certificates: ReadonlyMap<string, X509Certificate | undefined>,
  values: Values,
): SecretFinding[] {
  const key = "POSTGRES_TLS_CERTIFICATE";
  const server = certificates.get(key);
  if (!server) return [];
  const authority = certificates.get("POSTGRES_TLS_CA");
  const remedy = `rotate ${key}: it makes a new authority, certificate and key`;
  const faults = [
    // Go's verify-full looks at the alternative names only.
    server.checkHost("postgres", { subject: "never" }) ? "" : "it lacks the name DNS:postgres",
    authority && !(server.checkIssued(authority) && server.verify(authority.publicKey))
      ? "POSTGRES_TLS_CA did not sign it"
      : "",
    fits(server, values.POSTGRES_TLS_KEY) ? "" : "POSTGRES_TLS_KEY is the key of another certificate",
  ];
  return faults.filter(Boolean).map((found) => secretProblem(key, found, remedy));
}

function originFindings(
  found: X509Certificate | undefined,
  values: Values,
  env: Environment,
): SecretFinding[] {
  if (!found) return [];
  const key = "ORIGIN_TLS_CERTIFICATE";
  const hosts = [...PUBLISHED, ...(env.extras?.mail === "mailpit" ? (["mail"] as const) : [])];
  const uncovered = hosts.map((service) => env.hosts[service]).filter((host) => !found.checkHost(host));
  return [
    ...(uncovered.length
      ? [secretProblem(key, `it does not cover ${uncovered.join(", ")}`, `deploy, then rotate ${key}`)]
      : []),
    ...(fits(found, values.ORIGIN_TLS_KEY)
      ? []
      : [
          secretProblem(
            key,
            "ORIGIN_TLS_KEY is the key of another certificate",
            `deploy, then rotate ${key}`,
          ),
        ]),
  ];
}

const fits = (found: X509Certificate, key: string | undefined): boolean =>
  key === undefined || found.checkPrivateKey(createPrivateKey(key));
