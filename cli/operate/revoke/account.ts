import { z } from "zod";
import { expectJson } from "../../shared/http-client.ts";
import { type AccountApis, endSessions } from "../account-apis.ts";

const identities = z.array(z.object({ id: z.uuid(), state: z.string() }));
const sessions = z.array(z.unknown());

/** Somebody's account as it is: how many, whether one still opens, and sessions that are open. */
export interface OpenAccount {
  readonly ids: readonly string[];
  readonly active: readonly string[];
  readonly openSessions: number;
}

export async function accountNow({ kratos }: AccountApis, account: string): Promise<OpenAccount> {
  const path = `/admin/identities?credentials_identifier=${encodeURIComponent(account)}`;
  const found = identities.parse(expectJson("Kratos' list of accounts", await kratos("GET", path), 200));
  let openSessions = 0;
  for (const { id } of found) {
    const answer = await kratos("GET", `/admin/identities/${id}/sessions?active=true&page_size=500`);
    openSessions += sessions.parse(expectJson("Kratos' list of sessions", answer, 200)).length;
  }
  return {
    ids: found.map(({ id }) => id),
    active: found.filter(({ state }) => state !== "inactive").map(({ id }) => id),
    openSessions,
  };
}

/** Switches an account off and ends its sessions. What was asked before may be asked again. */
export async function endAccount(apis: AccountApis, { ids, active }: OpenAccount): Promise<void> {
  for (const id of active) {
    const body = [{ op: "replace", path: "/state", value: "inactive" }];
    const answer = await apis.kratos("PATCH", `/admin/identities/${id}`, { body });
    expectJson("the account's new state", answer, 200);
  }
  for (const id of ids) await endSessions(apis, id);
}
