import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FILES } from "./values.ts";

const read = (...path: string[]): string => readFileSync(join(FILES, ...path), "utf8");
const limits = new Map(
  [...read("postgres/databases.sql").matchAll(/^ALTER ROLE (\w+) .*CONNECTION LIMIT (\d+);/gm)].map(
    ([, role = "", limit]) => [role, Number(limit)] as const,
  ),
);
/** Of Postgres, where nothing else is said: for who mends it (superuser_reserved_connections). */
const RESERVED = 3;
/** A container that is tried (max_idle_conns), and a migration. */
const BESIDE = 5;

test.each(["ciam-kratos", "ciam-hydra", "iam-kratos", "iam-hydra"])(
  "the pool of %s fits below the limit of its role, with one that is tried beside it",
  (service) => {
    const [, pool] = /[?&]max_conns=(\d+)/.exec(read("secrets", `${service}.env`)) ?? [];
    expect(Number(pool) + BESIDE).toBeLessThanOrEqual(limits.get(service.replace("-", "_")) ?? 0);
  },
);

test("all roles together fit into what Postgres allows", () => {
  const [, all] = /^max_connections = (\d+)$/m.exec(read("postgres/server/postgresql.conf")) ?? [];
  expect([...limits.values()].reduce((sum, limit) => sum + limit, 0) + RESERVED).toBeLessThanOrEqual(
    Number(all),
  );
});
