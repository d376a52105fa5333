import type {
  CreateRecoveryCodeForIdentityBody,
  SettingsFlow,
  UpdateSettingsFlowWithTotpMethod,
} from "@ory/kratos-client";
import type { AdminApis } from "../../shared/admin-apis.ts";
import { expectJson } from "../../shared/http-client.ts";
import { type Identity, Kratos } from "./kratos.ts";
import { logIn } from "./login.ts";
import type { Person } from "./people.ts";
import type { Todo } from "./profiles.ts";
import { totpCode } from "./totp.ts";

interface FollowUpTask {
  readonly person: Person;
  readonly identity: Identity;
  readonly ground: AdminApis;
  readonly kratos: Kratos;
  readonly password: string;
}

/** Whether it was done; a text says why it could not be yet. */
type FollowUpResult = true | string;

const FOLLOW_UPS: Readonly<Record<Todo, (work: FollowUpTask) => Promise<FollowUpResult>>> = {
  lockout,
  totp,
  recovery,
};

/**
 * Brings about what no batch can: the person's mark says what is missing, and loses it when it is done. Killed in
 * between, the next run does it again; it is written so that twice leaves what once does.
 */
export async function followUp(person: Person, ground: AdminApis, password: string): Promise<FollowUpResult> {
  const kratos = new Kratos(ground.ciam.kratos.admin);
  const identity = await kratos.find(person.identifier);
  const todo = identity?.mark?.todo;
  if (!identity || !todo) return true;
  const work = FOLLOW_UPS[todo as Todo];
  if (!work) return `${todo} is not a known follow-up`;
  const outcome = await work({ person, identity, ground, kratos, password });
  if (outcome === true)
    await kratos.change(identity.id, [{ op: "remove", path: "/metadata_admin/synthetic/todo" }]);
  return outcome;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A row of Hera's own table, as five wrong passwords write it, but for ever. Hera makes the table at its first login. */
async function lockout({ person, identity, ground }: FollowUpTask): Promise<FollowUpResult> {
  const [identifier, id] = [quoted(person.identifier.toLowerCase()), quoted(identity.id)];
  const answer = await ground.sql(`
    SELECT to_regclass('public.ciam_lockouts') IS NOT NULL AS there \\gset
    \\if :there
      INSERT INTO ciam_lockouts (identifier, identity_id, locked_until, lock_reason, auto_threshold_at)
      SELECT ${identifier}, ${id}, 'infinity', 'brute_force', 5
      WHERE NOT EXISTS (SELECT FROM ciam_lockouts WHERE identifier = ${identifier} AND unlocked_at IS NULL AND locked_until > now());
      \\echo locked
    \\endif
  `);
  return (
    answer.includes("locked") ||
    "Hera has not created its table of lockouts yet: log in once, then seed again"
  );
}

/** Sets up an authenticator app in the person's own session. Kratos chooses the key, so it is noted before it counts. */
async function totp({ person, identity, ground, kratos, password }: FollowUpTask): Promise<FollowUpResult> {
  const { mark, credentials } = await kratos.get(identity.id);
  if (credentials.includes("totp") && mark?.totp_key) return true;
  const { public: ask, admin } = ground.ciam.kratos;
  if (credentials.includes("totp"))
    await admin("DELETE", `/admin/identities/${identity.id}/credentials/totp`);
  const headers = { "X-Session-Token": (await logIn(ask, person.identifier, password)).token };
  const begun = await ask("GET", "/self-service/settings/api", { headers });
  const flow = expectJson<SettingsFlow>(`settings of ${person.identifier}`, begun, 200);
  const key = totpKey(flow);
  if (!key) return "Kratos offers no second factor";
  await kratos.change(identity.id, [{ op: "add", path: "/metadata_admin/synthetic/totp_key", value: key }]);
  const body: UpdateSettingsFlowWithTotpMethod = { method: "totp", totp_code: totpCode(key, new Date()) };
  const done = await ask("POST", `/self-service/settings?flow=${flow.id}`, { headers, body });
  expectJson(`the second factor of ${person.identifier}`, done, 200);
  return true;
}

/** The key that Kratos offers for an authenticator app. Its types leave the context of a text open. */
function totpKey({ ui }: SettingsFlow): string | undefined {
  const offered = ui.nodes
    .map(({ attributes }) => attributes)
    .find((node) => node.node_type === "text" && node.id === "totp_secret_key");
  const context = offered?.node_type === "text" ? offered.text.context : undefined;
  return (context as { readonly secret?: string } | undefined)?.secret;
}

/** A month, so that it is open until the next refresh. */
const RECOVERY = "720h";

/** A code that an administrator has made and nobody has used. */
async function recovery({ person, identity, ground }: FollowUpTask): Promise<FollowUpResult> {
  const body: CreateRecoveryCodeForIdentityBody = { identity_id: identity.id, expires_in: RECOVERY };
  const answer = await ground.ciam.kratos.admin("POST", "/admin/recovery/code", { body });
  expectJson(`recovery of ${person.identifier}`, answer, 200, 201);
  return true;
}
