import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Failure } from "../../lib/failure.ts";

/** What is to be redacted. */
export interface RedactionSource {
  /** Database on the server, or absolute path of a dump. */
  readonly name: string;
  /** For people. */
  readonly shown: string;
  /** libpq's variables that say where the server is. */
  readonly variables: Readonly<Record<string, string>>;
}

const PARAMETERS: Record<string, string> = {
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  connect_timeout: "PGCONNECT_TIMEOUT",
};

/**
 * A dump's file, or a DSN such as `postgres://user@host:5432/database?sslmode=verify-full`. Throws a {@link Failure} on a DSN
 * with a password: the list of processes would show it.
 */
export function parseRedactionSource(given: string, folder: string): RedactionSource {
  if (!/^postgres(ql)?:\/\//.test(given)) {
    const file = resolve(folder, given);
    if (existsSync(file)) return { name: file, shown: file, variables: {} };
    throw new Failure(
      `${given} is neither a file nor a DSN: pass a dump of pg_dump --format=custom, or postgres://user@host/database`,
    );
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const name = decodeURIComponent(url?.pathname.slice(1) ?? "");
  if (!url || !/^\w+$/.test(name))
    throw new Failure("The DSN names no database: write it such as postgres://user@host:5432/ciam_kratos");
  if (url.password)
    throw new Failure(
      "The DSN has a password, which every user of this computer can now see: change it, and pass it by PGPASSFILE or ~/.pgpass",
    );
  const unknown = [...url.searchParams.keys()].filter((key) => !PARAMETERS[key]);
  if (unknown.length)
    throw new Failure(`The DSN has ${unknown.join(", ")}: allowed are ${Object.keys(PARAMETERS).join(", ")}`);
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, "");
  return {
    name,
    shown: `${name} on ${host || "this computer"}`,
    variables: {
      ...(host && { PGHOST: host }),
      ...(url.port && { PGPORT: url.port }),
      ...(url.username && { PGUSER: decodeURIComponent(url.username) }),
      ...Object.fromEntries([...url.searchParams].map(([key, value]) => [PARAMETERS[key] ?? key, value])),
    },
  };
}
