import { describe, expect, test } from "vitest";
import { servicesAsText } from "../../containment/report/services.ts";
import { type MachineNetworks, serviceFindings, serviceReach } from "../../containment/services.ts";
import { MACHINE_NETWORK, TALKS } from "../../containment/talks.ts";
import { evaluateContainment } from "../../containment/theorem.ts";
import { secretKeys } from "../../secrets/secret-keys.ts";
import { machineNetworks } from "../../stacks/service-facts.ts";
import { DECISIONS, untouched } from "./facts.ts";

const machine = machineNetworks();
const reach = serviceReach(machine, secretKeys());
const of = (name: string) => reach.find(({ service }) => service === name);
const ADMIN = Object.keys(TALKS).filter((listener) => TALKS[listener]?.what);

/** The machine with a service that is new, or that is elsewhere than it was. */
const withService = (name: string, ...networks: string[]): MachineNetworks => ({
  ...machine,
  services: [
    ...machine.services.filter((one) => one.name !== name),
    { ...{ name, bound: [] }, ...machine.services.find((one) => one.name === name), networks },
  ],
});
const reached = (facts: MachineNetworks, name: string) =>
  serviceFindings(facts)
    .filter(({ service }) => service === name)
    .map(({ path }) => path.at(-1)?.split(",")[0]);

test("every service of the compose files is there, and those of the machine's network are known", () => {
  expect(machine.services.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "caddy",
      "postgres",
      "ciam-kratos",
      "iam-athena",
      "site",
      "mailpit",
      "alertmanager",
    ]),
  );
  expect(
    machine.services
      .filter(({ networks }) => !networks.length)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(MACHINE_NETWORK).sort());
});

test("who reaches a port is who the table names: nobody more, nobody less", () => {
  expect(serviceFindings(machine)).toEqual([]);
  for (const [listener, { callers }] of Object.entries(TALKS)) {
    const able = reach.filter(({ reaches }) => reaches.includes(listener)).map(({ service }) => service);
    expect(able.sort(), listener).toEqual(Object.keys(callers).sort());
  }
});

test("admin APIs are open in one network each, which leads to Hera and Athena alone", () => {
  expect(ADMIN).toEqual(["ciam-kratos:5001", "ciam-hydra:5003", "iam-kratos:7001", "iam-hydra:7003"]);
  for (const listener of ADMIN) {
    const [name = "", port] = listener.split(":");
    const { bound } = machine.services.find((one) => one.name === name) ?? {};
    expect(bound).toEqual([{ port: Number(port), networks: [name] }]);
    for (const caller of Object.keys(TALKS[listener]?.callers ?? {}))
      expect(caller).toMatch(/-(hera|athena)$/);
  }
});

test("a service that publishes a port has one network that is not internal, so that the port leads there", () => {
  const outward = machine.services.map(({ name, networks }) => [
    name,
    networks.filter((network) => machine.walls[network] !== "internal").length,
  ]);
  for (const name of [
    ...ADMIN.map((one) => one.split(":")[0]),
    "caddy",
    "mailpit",
    "alertmanager",
    "postgres-exporter",
  ])
    expect(Object.fromEntries(outward)[name ?? ""], name).toBe(1);
  expect(Object.fromEntries(outward).postgres).toBe(0);
});

test("no service opens another's database, and the superuser is the database's alone", () => {
  const holders = (what: RegExp) =>
    reach.filter(({ opens }) => opens.some((one) => what.test(one))).map(({ service }) => service);
  expect(holders(/superuser/)).toEqual(["postgres"]);
  for (const name of ["ciam-kratos", "ciam-hydra", "iam-kratos", "iam-hydra"])
    expect(holders(new RegExp(`^database ${name.replace("-", "_")}$`))).toEqual([name]);
});

describe("what is planted is found, with the network that leads there", () => {
  test.each(Object.keys(machine.walls))("a new service in %s", (network) => {
    const [found] = serviceFindings(withService("chat", network)).filter(({ service }) => service === "chat");
    // Two networks hold nobody who listens there: ways out and in of a single service.
    if (["pgadmin", "metrics"].includes(network))
      expect(found?.path).toEqual([
        `network ${network}`,
        network === "pgadmin" ? "pgadmin:5050" : "postgres-exporter:9187",
      ]);
    else expect(found?.path[0]).toBe(`network ${network}`);
    expect(found?.message).toMatch(/chat may not reach .*containment\/talks\.ts/);
  });

  test("a service in the wrong network", () => {
    expect(reached(withService("site", "front", "iam-kratos"), "site")).toEqual(
      expect.arrayContaining(["iam-kratos:7000", "iam-kratos:7001", "iam-hera:4000"]),
    );
    expect(reached(withService("mailpit", "alerting", "data-iam"), "mailpit")).toContain("postgres:5432");
    expect(reached(withService("ciam-hera", "ciam-kratos", "iam-hydra"), "ciam-hera")).toContain(
      "iam-hydra:7003",
    );
    expect(reached(withService("ciam-kratos", "ciam-kratos", "ciam-hydra"), "ciam-kratos")).toContain(
      "ciam-hydra:5003",
    );
  });

  test("an admin port that is open in every network", () => {
    const services = machine.services.map((one) => ({ ...one, bound: [] }));
    const found = serviceFindings({ ...machine, services });
    expect(found).toContainEqual(
      expect.objectContaining({
        service: "caddy",
        path: ["network front-ciam", "ciam-kratos:5001, admin API, which asks for no login"],
      }),
    );
    for (const listener of ADMIN) expect(found.map(({ path }) => path.at(-1)).join()).toContain(listener);
  });

  test("a network without a wall, compose's own where none is named, and the machine's", () => {
    const open = { ...machine, walls: { ...machine.walls, front: "none" as const } };
    expect(reached(open, "site")).toEqual(expect.arrayContaining(["ciam-kratos:5001", "iam-hydra:7003"]));
    expect(reached(withService("chat", "default"), "chat")).toContain("iam-kratos:7001");
    expect(reached(withService("chat"), "chat")).toEqual(["every port of every service"]);
  });

  test("it is a finding of the theorem, and nothing is written", () => {
    const { findings } = evaluateContainment(
      { ...untouched, machine: withService("chat", "iam-kratos") },
      DECISIONS,
      undefined,
    );
    expect(findings).toContainEqual(
      expect.objectContaining({
        law: "containment",
        path: ["service chat", "network iam-kratos", "iam-kratos:7001, admin API, which asks for no login"],
      }),
    );
    expect(evaluateContainment(untouched, DECISIONS, undefined).findings).toEqual([]);
  });
});

test("the report says what each service opens, asks and reaches", () => {
  expect(of("ciam-hera")).toMatchObject({ asks: ["ciam-kratos:5001", "ciam-hydra:5003"] });
  expect(of("ciam-athena")?.asks).toEqual(ADMIN);
  expect(of("site")).toMatchObject({ asks: [], reaches: expect.arrayContaining(["iam-hydra:7002"]) });
  const more = serviceReach(withService("chat", "iam-kratos"), [
    ...secretKeys(),
    { key: "IAM_KRATOS_DB_PASSWORD", consumers: ["chat"] },
  ]);
  expect(servicesAsText(more)).toMatch(
    / {2}chat\n {4}opens: database iam_kratos\n {4}asks without a login: iam-kratos:7001\n {4}reaches: .*iam-kratos:7000/,
  );
});
