import { z } from "zod";
import { expectJson, type HttpClient } from "../../shared/http-client.ts";

/** The admin APIs of one environment's employees. */
export interface AccountApis {
  readonly kratos: HttpClient;
  readonly hydra: HttpClient;
}

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

/** Switches an account off and ends its sessions, at Kratos and at Hydra. What was asked before may be asked again. */
export async function endAccount(
  { kratos, hydra }: AccountApis,
  { ids, active }: OpenAccount,
): Promise<void> {
  const gone = async (api: HttpClient, path: string): Promise<void> => {
    const { status, text } = await api("DELETE", path);
    if (status !== 204 && status !== 404)
      throw new Error(`DELETE ${path}: answered ${status}: ${text.slice(0, 200)}`);
  };
  for (const id of active) {
    const body = [{ op: "replace", path: "/state", value: "inactive" }];
    expectJson("the account's new state", await kratos("PATCH", `/admin/identities/${id}`, { body }), 200);
  }
  for (const id of ids) {
    await gone(kratos, `/admin/identities/${id}/sessions`);
    await gone(hydra, `/admin/oauth2/auth/sessions/login?subject=${id}`);
    await gone(hydra, `/admin/oauth2/auth/sessions/consent?subject=${id}&all=true`);
  }
}
