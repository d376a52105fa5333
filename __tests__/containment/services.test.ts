import { expect, test } from "vitest";
import { servicesAsText } from "../../containment/report/services.ts";
import { serviceReach } from "../../containment/services.ts";
import { secretKeys } from "../../secrets/secret-keys.ts";
import { serviceFacts } from "../../stacks/service-facts.ts";

const services = serviceFacts();
const reach = serviceReach(services, secretKeys());
const of = (name: string) => reach.find(({ service }) => service === name);

test("every service of the compose files is there, with its networks", () => {
  expect(services.map(({ name }) => name)).toEqual(
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
  // Prometheus and node-exporter have the machine's own network.
  expect(
    services
      .filter(({ networks }) => !networks.length)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["node-exporter", "prometheus"]);
});

test("no service opens another's database, and the superuser is the database's alone", () => {
  const holders = (what: RegExp) =>
    reach.filter(({ opens }) => opens.some((one) => what.test(one))).map(({ service }) => service);
  expect(holders(/superuser/)).toEqual(["postgres"]);
  for (const name of ["ciam-kratos", "ciam-hydra", "iam-kratos", "iam-hydra"])
    expect(holders(new RegExp(`^database ${name.replace("-", "_")}$`))).toEqual([name]);
});

test("who needs an admin API is told from who only reaches it", () => {
  expect(of("ciam-hera")).toMatchObject({ asks: ["ciam-kratos", "ciam-hydra"] });
  expect(of("ciam-athena")?.asks).toContain("iam-kratos");
  expect(of("alertmanager")).toMatchObject({ asks: [], reachesToo: [] });
  expect(of("site")?.asks).toEqual([]);
});

test("a secret or a network more is in the report", () => {
  const more = serviceReach(
    [...services, { name: "chat", networks: ["edge"] }],
    [...secretKeys(), { key: "IAM_KRATOS_DB_PASSWORD", consumers: ["chat"] }],
  );
  const text = servicesAsText(more);
  expect(text).toMatch(/ {2}chat\n {4}opens: database iam_kratos\n {4}reaches too.*iam-kratos/);
  const alone = serviceReach([...services, { name: "chat", networks: ["own"] }], []);
  expect(alone.at(-1)).toEqual({ service: "chat", opens: [], asks: [], reachesToo: [] });
});
