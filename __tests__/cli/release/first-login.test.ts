import { expect, test } from "vitest";
import { firstLogin, firstLoginText } from "../../../cli/release/first-login.ts";
import { prodEnvironment as environment } from "../../secrets/values.ts";

test("says where, as whom and by which password", () => {
  const text = firstLoginText(environment, "secret of the first start");
  for (const part of [
    environment.hosts.iamAdmin,
    environment.hosts.ciamAdmin,
    environment.firstAdministrator,
    "secret of the first start",
  ])
    expect(text).toContain(part);
});

test("shows no password to a pipe or a log, whoever can open the secrets", async () => {
  await expect(firstLogin(environment.name)).rejects.toThrow("on a terminal alone");
});

test("knows the environments that there are", async () => {
  await expect(firstLogin("nowhere")).rejects.toThrow("is not an environment: config/ declares");
});
