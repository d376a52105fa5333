import type { Environment } from "../../config/load/environment.ts";
import { FIRST_PORTS } from "../shared/admin-apis.ts";
import { createHttpClient, type HttpClient } from "../shared/http-client.ts";
import { DISCOVERY, requireIssuer } from "../shared/hydra-issuer.ts";
import type { Remote } from "../shared/ssh.ts";

const PORTS = { kratos: FIRST_PORTS.iam + 1, hydraPublic: FIRST_PORTS.iam + 2, hydra: FIRST_PORTS.iam + 3 };

/** The admin APIs of one environment's employees. */
export interface AccountApis {
  readonly kratos: HttpClient;
  readonly hydra: HttpClient;
}

/**
 * Hands the APIs behind a connection to whoever asks them, and closes them after. Throws a {@link Failure} when it is
 * another environment that answers there.
 */
export async function withAccountApis<T>(
  env: Environment,
  machine: Pick<Remote, "forward">,
  userAgent: string,
  act: (apis: AccountApis) => Promise<T>,
): Promise<T> {
  const clients: ReturnType<typeof createHttpClient>[] = [];
  const api = async (port: number): Promise<HttpClient> => {
    const client = createHttpClient({ socketPath: await machine.forward(port) }, userAgent);
    clients.push(client);
    return client.ask;
  };
  try {
    const hydra = await api(PORTS.hydraPublic);
    requireIssuer(env, env.hosts.iamOauth, await hydra("GET", DISCOVERY));
    return await act({ kratos: await api(PORTS.kratos), hydra: await api(PORTS.hydra) });
  } finally {
    for (const { close } of clients) close();
  }
}

/** Deletes what is there; what is gone already is gone. */
export async function deleteAt(api: HttpClient, path: string): Promise<void> {
  const { status, text } = await api("DELETE", path);
  if (status !== 204 && status !== 404)
    throw new Error(`DELETE ${path}: answered ${status}: ${text.slice(0, 200)}`);
}

/** Ends an identity's sessions, at Kratos and at Hydra. */
export async function endSessions({ kratos, hydra }: AccountApis, id: string): Promise<void> {
  await deleteAt(kratos, `/admin/identities/${id}/sessions`);
  await deleteAt(hydra, `/admin/oauth2/auth/sessions/login?subject=${id}`);
  await deleteAt(hydra, `/admin/oauth2/auth/sessions/consent?subject=${id}&all=true`);
}
