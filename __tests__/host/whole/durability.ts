import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { EnvironmentUnderTest } from "./environment-under-test.ts";

const HEALTHY_LIMIT_S = 300;
/** Idle it is a third of that for the longest; on a busy computer each start takes minutes. */
const PATIENCE_MS = 900_000;
const CUTS = 3;
/** How long the writer writes before the power goes: each time another moment of what Postgres does. */
const cutAfterMs = (): number => 500 + Math.random() * 2500;

const PSQL =
  "podman exec -i --user postgres olympus-postgres env PGOPTIONS=-csearch_path=public psql -X -q -A -t -d postgres";
const KRATOS = "http://127.0.0.1:3101/admin/identities";
const PERSON = {
  schema_id: "default",
  traits: { email: "outlives@example.com" },
  verifiable_addresses: [
    { value: "outlives@example.com", via: "email", verified: true, status: "completed" },
  ],
};

/** What was written stays, whatever happens to containers, machine and power. */
export function durabilityTests(whole: () => EnvironmentUnderTest): void {
  let id: string;
  const found = () => whole().inside(`curl -sS -o /dev/null -w '%{http_code}' ${KRATOS}/${id}`);

  test(
    "a person outlives every container",
    async () => {
      const { inside, healthy } = whole();
      await healthy(HEALTHY_LIMIT_S);
      const body = JSON.stringify(PERSON);
      id = JSON.parse(await inside(`curl -sS -H 'content-type: application/json' -d '${body}' ${KRATOS}`)).id;
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      await inside("podman rm -fa -t 1 >/dev/null; systemctl restart olympus.service");
      await healthy(HEALTHY_LIMIT_S);
      expect(await found()).toBe("200");
    },
    PATIENCE_MS,
  );

  test(
    `after ${CUTS} power cuts during writes every acknowledged row is there, and nothing is broken`,
    async () => {
      const { inside, healthy, machine } = whole();
      await inside(`echo 'create table power_cut (id bigint primary key)' | ${PSQL}`);
      let acknowledged: string[] = [];
      for (let cut = 0; cut < CUTS; cut += 1) {
        const writer = `i=${cut + 1}000000; while :; do i=$((i + 1)); echo "insert into power_cut values ($i) returning id;"; done | ${PSQL}`;
        const writing = machine.exec(["sh", "-c", writer]);
        await sleep(cutAfterMs());
        await machine.cutPower();
        const written = (await writing).stdout.split("\n").filter((line) => /^\d{7}$/.test(line));
        expect(written.length).toBeGreaterThan(0);
        acknowledged = [...acknowledged, ...written];
        await machine.boot();
        await healthy(HEALTHY_LIMIT_S);
        const rows = new Set((await inside(`echo 'select id from power_cut' | ${PSQL}`)).split("\n"));
        expect(acknowledged.filter((row) => !rows.has(row))).toEqual([]);
      }
      expect(await inside(`echo 'show data_checksums' | ${PSQL}`)).toBe("on");
      expect(await inside(`echo 'select sum(checksum_failures) from pg_stat_database' | ${PSQL}`)).toBe("0");
      const check =
        "podman exec --user postgres olympus-postgres pg_amcheck --all --install-missing --heapallindexed";
      expect(await inside(check)).toBe("");
      await inside(`echo 'drop table power_cut' | ${PSQL}`);
      expect(await found()).toBe("200");
    },
    PATIENCE_MS,
  );

  test(
    "a person outlives the machine",
    async () => {
      const { folder, env, run, provision } = whole();
      const stack = `-chdir=${folder}/cdktf.out/stacks/${env.name}`;
      const before = await whole().inside("cat /etc/machine-id");
      const servers =
        (await run("terraform", [stack, "state", "list"])).out.match(/^hcloud_server\..*$/gm) ?? [];
      expect(servers).toHaveLength(1);
      const replaced = await run("terraform", [
        ...[stack, "apply", "-auto-approve", "-input=false", "-no-color"],
        `-replace=${servers[0]}`,
      ]);
      expect(replaced.code, replaced.err).toBe(0);
      const again = await provision();
      expect(again.code, again.err).toBe(0);
      expect(await whole().inside("cat /etc/machine-id")).not.toBe(before);
      expect(await found()).toBe("200");
    },
    PATIENCE_MS,
  );
}
