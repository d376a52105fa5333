import { z } from "zod";
import { loadFleet } from "../../config/index.ts";
import { type TokenName, tokensOf, tokenValue } from "../shared/tokens.ts";
import { type CloudClient, cloudflareAs, hetznerAs } from "./cloud-api.ts";
import { type CheckOutcome, inOrder, type Row, toDo, unsure } from "./row.ts";
import { composed, type DoctorSubject, stacksOf } from "./subject.ts";

const PAGE = "docs/runbooks/provision.md#tokens";
const EXPIRY_DAYS = 30;
const NOTHING = "0".repeat(32);

/** The id of the row that says whether a token is there and may what it must. */
export const tokenRow = (cloud: "hcloud" | "cloudflare", stack: string): string => `token.${cloud}.${stack}`;

/** The tokens of an environment and its zone, in this shell. */
export const tokenRows = ({ name, zoneStack, hasExtras }: DoctorSubject): Row[] => [
  {
    ...tokenFields("hcloud", name, "read and write, of a Hetzner project of its own", [
      "https://console.hetzner.com: a project for this environment, Security, API tokens, Read & Write",
    ]),
    check: () => withToken("hcloud", name, async (token) => checkHetzner(hetznerAs(token))),
  },
  {
    ...tokenFields("cloudflare", name, "for the zone's records and certificates", [
      `https://dash.cloudflare.com/profile/api-tokens: Zone read, DNS edit, SSL and Certificates edit, limited to the zone${hasExtras ? "; the account's Workers Scripts edit" : ""}`,
    ]),
    check: () =>
      withToken("cloudflare", name, async (token) => {
        const { zone, cloudflareAccountId } = composed(name).environment;
        return checkCloudflare(cloudflareAs(token), [
          dnsEdit(zone.id),
          ["SSL and Certificates", `/certificates?zone_id=${zone.id}`, "GET"],
          ...(hasExtras
            ? ([["Workers Scripts", `/accounts/${cloudflareAccountId}/workers/scripts`, "GET"]] as const)
            : []),
        ]);
      }),
  },
  {
    ...tokenFields("cloudflare", zoneStack, "for the zone's settings and rules", [
      "https://dash.cloudflare.com/profile/api-tokens: Zone Settings edit, Zone WAF edit, Cache Rules edit, limited to the zone; DNS edit where config/base.ts has a block dns",
    ]),
    check: () =>
      withToken("cloudflare", zoneStack, async (token) => {
        const { zone, dns } = composed(name).environment;
        return checkCloudflare(cloudflareAs(token), [
          ...(dns ? [dnsEdit(zone.id)] : []),
          ["Zone Settings edit", `/zones/${zone.id}/settings/olympus_doctor`, "PATCH"],
          ["Zone WAF", `/zones/${zone.id}/rulesets`, "GET"],
        ]);
      }),
  },
  distinct,
];

const tokenFields = (
  cloud: "hcloud" | "cloudflare",
  stack: string,
  purpose: string,
  remedy: readonly string[],
) => ({
  id: tokenRow(cloud, stack),
  title: `${cloud === "hcloud" ? "Hetzner" : "Cloudflare"} token of ${stack}: ${purpose}`,
  needs: ["config.sound"],
  remedy,
  page: PAGE,
});

const dnsEdit = (zoneId: string) => ["DNS edit", `/zones/${zoneId}/dns_records/${NOTHING}`, "PATCH"] as const;

const nameOf = (cloud: "hcloud" | "cloudflare", stack: string): TokenName => {
  const found = tokensOf(stack, loadFleet()).find(({ terraform }) => terraform.startsWith(cloud));
  if (!found) throw new Error(`${stack} has no token of ${cloud}`);
  return found;
};

/** The token of a stack in this shell, for rows that need its own row. */
export const tokenOf = (cloud: "hcloud" | "cloudflare", stack: string): string =>
  tokenValue(nameOf(cloud, stack)) ?? "";

async function withToken(
  cloud: "hcloud" | "cloudflare",
  stack: string,
  check: (token: string) => Promise<CheckOutcome>,
): Promise<CheckOutcome> {
  const name = nameOf(cloud, stack);
  const token = tokenValue(name);
  if (token) return check(token);
  return toDo(
    `${name.shell} is not set in this shell`,
    ...newToken(cloud),
    `read -rs ${name.shell} && export ${name.shell}`,
  );
}

const newToken = (cloud: "hcloud" | "cloudflare"): string[] =>
  cloud === "hcloud"
    ? ["https://console.hetzner.com: the project, Security, API tokens"]
    : ["https://dash.cloudflare.com/profile/api-tokens"];

/** A change of what cannot exist: a token that may only read is refused before anything is looked for. */
async function checkHetzner(ask: CloudClient): Promise<CheckOutcome> {
  const { status } = await ask("/servers?per_page=1");
  if (status === 401 || status === 403) return toDo(`Hetzner refuses it (${status})`);
  if (status !== 200) return unsure(`Hetzner answered ${status}`);
  const probe = await ask("/ssh_keys/0", "PUT");
  if (probe.status === 403 || probe.code === "token_readonly") return toDo("it may only read");
  return inOrder("it reads and writes");
}

const verified = z.object({
  result: z.object({ status: z.string(), expires_on: z.iso.datetime({ offset: true }).nullish() }),
});

async function checkCloudflare(
  ask: CloudClient,
  rights: readonly (readonly [right: string, path: string, method: "GET" | "PATCH"])[],
): Promise<CheckOutcome> {
  const known = await ask("/user/tokens/verify");
  if (known.status === 401 || known.status === 403) return toDo(`Cloudflare refuses it (${known.code})`);
  const result = verified.safeParse(known.body).data?.result;
  if (known.status !== 200 || !result) return unsure(`Cloudflare answered ${known.status}`);
  if (result.status !== "active") return toDo(`it is ${result.status}`);
  const lacking: string[] = [];
  for (const [right, path, method] of rights) {
    const { status } = await ask(path, method);
    if (status === 401 || status === 403) lacking.push(right);
  }
  if (lacking.length) return toDo(`it lacks ${lacking.join(", ")}`);
  return expiry(result.expires_on ?? undefined);
}

function expiry(on: string | undefined): CheckOutcome {
  if (on === undefined) return inOrder("it is active and does not expire");
  const days = Math.floor((Date.parse(on) - Date.now()) / 86_400_000);
  return days < EXPIRY_DAYS
    ? toDo(
        `it expires on ${on.slice(0, 10)}`,
        "roll it at Cloudflare, then set the new one here and at GitHub",
      )
    : inOrder(`it is active until ${on.slice(0, 10)}`);
}

const distinct: Row = {
  id: "token.distinct",
  title: "each token is another one",
  needs: ["config.sound"],
  page: PAGE,
  remedy: ["make a token of its own for each: one that serves two opens both to whoever holds one"],
  check() {
    const fleet = loadFleet();
    const holders = new Map<string, string[]>();
    for (const name of stacksOf(fleet).flatMap((stack) => tokensOf(stack, fleet))) {
      const value = tokenValue(name);
      if (value) holders.set(value, [...(holders.get(value) ?? []), name.shell]);
    }
    const shared = [...holders.values()].filter((names) => names.length > 1);
    return shared.length
      ? toDo(shared.map((names) => `${names.join(" and ")} are the same`).join("; "))
      : inOrder(`${holders.size} tokens in this shell, each another one`);
  },
};
