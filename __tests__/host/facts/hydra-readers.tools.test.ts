import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll } from "vitest";
import { type Exchange, HYDRA, KRATOS } from "../../facts/exchanges.ts";
import { FILES } from "../bundle/values.ts";
import { LOGIN, somebody } from "./people-answers.ts";
import { openScripts, type ScriptFixture, type ScriptReader, testScriptReaders } from "./script-readers.ts";

// The scripts of the machine that ask Hydra, against what v26.2.0 answers.
let scripts: ScriptFixture;
beforeAll(async () => {
  scripts = await openScripts();
});
afterAll(() => scripts.close());

const SITE = "site-ciam-client";
const STATUS = ["status"];
const SENT_ON = ["status", "headers.location", "headers.set-cookie"];

/** A token for somebody who logs in: what olympus-logins does for one of three. */
const FLOW = [
  ...["authorization", "accept login", "authorization after login", "accept consent"],
  ...["authorization after consent", "token", "refresh"],
].map(HYDRA.exchange);

/** The same exchange about another client, of the same body. */
const about = (one: Exchange, id: string): Exchange =>
  JSON.parse(JSON.stringify(one).replaceAll(SITE, id)) as Exchange;

/** The same answer for the site's client. */
const called = (one: Exchange): Exchange => ({
  ...one,
  request: { ...one.request, url: one.request.url.replace("synthetic-logins", SITE) },
});

const OTHERS = readdirSync(join(FILES, "init/iam-hydra")).map((file) => file.replace(".json", ""));
/** All that olympus-init asks besides one client: people who are not there are made, other clients replaced. */
const REST: readonly Exchange[] = [
  ...["oncall@your-app.com", "synthetic-login@olympus.invalid"].map((email) => {
    const found = KRATOS.exchange("find by credential");
    const url = found.request.url.replace(/=.*/, `=${encodeURIComponent(email)}`);
    return { ...found, request: { ...found.request, url }, body: [] };
  }),
  KRATOS.exchange("create verified"),
  ...OTHERS.flatMap((id) =>
    ["confidential client", "replace client"].map((name) => about(HYDRA.exchange(name), id)),
  ),
];

/** The recorded client with the digest of what the bundle would make of it. */
function current(): Exchange {
  const render = join(FILES, "bin/olympus-render");
  const env = { OLYMPUS_CONFIG: join(scripts.folder, "config") };
  const body = execaSync(render, [join(FILES, `init/ciam-hydra/${SITE}.json`)], { env }).stdout;
  const olympus_revision = createHash("sha256").update(body).digest("hex").slice(0, 32);
  const known = HYDRA.exchange("confidential client");
  return {
    ...known,
    body: { ...(known.body as object), metadata: { olympus_revision } } as Exchange["body"],
  };
}

const init = (
  name: string,
  of: () => readonly Exchange[],
  wrote: boolean,
  uses: ScriptReader["uses"],
): ScriptReader => ({
  name: `olympus-init: ${name}`,
  of,
  beside: [HYDRA.exchange("keys"), ...REST],
  read: async () => {
    const { exitCode, stdout } = await scripts.run("olympus-init");
    return { exitCode, wrote: stdout.includes(`client ${SITE} written`) };
  },
  outcome: { exitCode: 0, wrote },
  uses,
});

const READERS: readonly ScriptReader[] = [
  {
    ...init("Hydra's keys", () => [HYDRA.exchange("keys")], true, [STATUS]),
    beside: [...REST, ...["confidential client", "replace client"].map(HYDRA.exchange)],
  },
  {
    name: "olympus-logins: a token, and another for its refresh token",
    of: () => FLOW,
    beside: [somebody(), ...LOGIN],
    read: () =>
      scripts.run("olympus-logins", ["--fewest", "1", "--most", "1", "--within", "0"], { REFRESHES: "1" }),
    outcome: {
      exitCode: 0,
      stdout: "1 logins, 0 wrong passwords, 1 tokens refreshed, 1 logged out, 0 failed",
    },
    uses: [
      [...SENT_ON, "headers.location.login_challenge"],
      ["status", "body.redirect_to"],
      [...SENT_ON, "headers.location.consent_challenge"],
      ["status", "body.redirect_to"],
      ["status", "headers.location", "headers.location.code"],
      ["status", "body.refresh_token"],
      STATUS,
    ],
  },
  init(
    "a client that is missing",
    () => ["client unknown", "create confidential client"].map((name) => called(HYDRA.exchange(name))),
    true,
    [STATUS, STATUS],
  ),
  init(
    "a client that is another",
    () => ["confidential client", "replace client"].map(HYDRA.exchange),
    true,
    [STATUS, STATUS],
  ),
  init("a client that is as it should be", () => [current(), HYDRA.exchange("replace client")], false, [
    ["status", "body.metadata.olympus_revision"],
    [],
  ]),
];
testScriptReaders(READERS, () => scripts);
