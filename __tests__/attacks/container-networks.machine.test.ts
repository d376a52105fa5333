import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MACHINE_NETWORK, TALKS } from "../../containment/talks.ts";
import {
  ENVIRONMENT_TOOLS,
  type EnvironmentUnderTest,
  startEnvironment,
} from "../host/whole/environment-under-test.ts";
import { skipWithout } from "../sandbox/machines/tools.ts";

interface Container {
  readonly name: string;
  readonly process: string;
  readonly addresses: readonly string[];
}
type Target = readonly [address: string, port: number];

const CONNECT = readFileSync(join("__tests__", "attacks", "connect.py"), "utf8");
/** What the machine itself offers to operators and to its own loopback. */
const MACHINE_PORTS = [
  ...[22, 2020, 3100, 3101, 3102, 3103, 4100, 4101, 4102, 4103],
  ...[5432, 8025, 9090, 9093, 9100, 9187],
];

describe.skipIf(skipWithout(ENVIRONMENT_TOOLS))("whoever has taken over one container", () => {
  let whole: EnvironmentUnderTest;
  let containers: Container[];
  beforeAll(async () => {
    ({ whole } = await startEnvironment("staging"));
    const form = "{{.Name}} {{.State.Pid}}{{range .NetworkSettings.Networks}} {{.IPAddress}}{{end}}";
    const text = await whole.inside(
      `podman ps -q | xargs podman inspect --type container --format '${form}'`,
    );
    containers = text
      .split("\n")
      .map((line) => line.split(" "))
      .map(([name = "", process = "", ...addresses]) => ({
        ...{ name: name.replace("olympus-", ""), process },
        addresses: addresses.filter(Boolean),
      }))
      .filter(({ name }) => !Object.hasOwn(MACHINE_NETWORK, name));
  });
  afterAll(async () => {
    await whole?.stop();
  });

  /** By the name of a container: what of `targets` answers there. */
  async function open(targets: readonly Target[]): Promise<ReadonlyMap<string, readonly Target[]>> {
    const input = JSON.stringify(Object.fromEntries(containers.map(({ process }) => [process, targets])));
    const { stdout, stderr } = await whole.machine.exec(["python3", "-c", CONNECT], { input });
    if (!stdout) throw new Error(stderr);
    const answers: Record<string, Target[]> = JSON.parse(stdout);
    return new Map(containers.map(({ name, process }) => [name, answers[process] ?? []]));
  }

  test("connects to any port of any other, of which each has several addresses", async () => {
    const listeners = Object.keys(TALKS).map((listener) => {
      const [name, port] = listener.split(":");
      const { addresses = [] } = containers.find((one) => one.name === name) ?? {};
      return { listener, name, targets: addresses.map((address): Target => [address, Number(port)]) };
    });
    const found = await open(listeners.flatMap(({ targets }) => targets));
    const callers = listeners.map(({ listener, name, targets }) => [
      listener,
      containers
        .filter((one) => one.name !== name)
        .filter((one) =>
          found.get(one.name)?.some(([to, port]) => targets.some(([a, p]) => a === to && p === port)),
        )
        .map((one) => one.name)
        .sort(),
    ]);
    expect(Object.fromEntries(callers)).toEqual(
      Object.fromEntries(
        Object.entries(TALKS).map(([listener, one]) => [listener, Object.keys(one.callers).sort()]),
      ),
    );
  });

  test("finds a port that nobody has written down", async () => {
    for (const { name, process } of containers) {
      const text = await whole.inside(`nsenter -t ${process} -n ss -Hltn | awk '{print $4}'`);
      const ports = text
        .split("\n")
        .filter((one) => one && !/^(127\.|\[::1\])/.test(one))
        .map((one) => `${name}:${one.replace(/^.*:/, "")}`);
      expect(Object.keys(TALKS), name).toEqual(expect.arrayContaining(ports));
    }
  });

  test("reads administrators at IAM's admin API, which asks for no login", async () => {
    const ask = (name: string, host: string) =>
      whole.inside(
        `timeout 5 podman exec olympus-${name} wget -q -O - http://${host}:7001/admin/identities || true`,
      );
    for (const name of ["site", "pgadmin", "mailpit", "postgres-exporter", "ciam-hera", "caddy"])
      for (const host of ["iam-kratos", "iam-kratos-admin"]) expect(await ask(name, host), name).toBe("");
    for (const name of ["iam-hera", "iam-athena", "ciam-athena"])
      expect(await ask(name, "iam-kratos-admin"), name).toContain('"traits"');
  });

  test("connects to the machine: its sshd, and what it has on its loopback alone", async () => {
    const text = await whole.inside("ip -4 -o addr show scope global | awk '{print $4}' | cut -d/ -f1");
    const addresses = text.split("\n");
    expect(addresses).toContain(whole.address);
    const targets = addresses.flatMap((address) => MACHINE_PORTS.map((port): Target => [address, port]));
    expect([...(await open(targets)).values()].flat()).toEqual([]);
    // Those ports do answer.
    await whole.inside(`nc -z ${whole.address} 22 || ssh-keyscan -T 4 ${whole.address} | grep -q ed25519`);
    for (const port of [3101, 3103, 4101, 4103])
      await whole.inside(`curl -sf -m 4 -o /dev/null http://127.0.0.1:${port}/health/alive`);
  });

  test("asks an admin API by the loopback, as node-exporter, which has the machine's network", async () => {
    const ask = (user: number) =>
      whole.inside(
        `setpriv --reuid=${user} --regid=${user} --clear-groups curl -s -m 4 http://127.0.0.1:4101/admin/identities || true`,
      );
    expect(await ask(65_534)).toContain('"traits"');
    expect(await ask(65_531)).toBe("");
    expect(await whole.inside("curl -sf -m 4 http://127.0.0.1:9100/metrics")).toContain("node_load1");
    await whole.inside("podman healthcheck run olympus-node-exporter");
  });
});
