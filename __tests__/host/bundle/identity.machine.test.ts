import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandOutput } from "./machine.ts";
import { openStack } from "./migrated-stack.ts";
import {
  closeStack,
  curl,
  curlJson,
  environmentOf,
  machine,
  ORY_ENDPOINTS,
  prepareDatabases,
  runBundleScript,
  stackSecrets,
  stackValues,
  startOry,
  writeValues,
} from "./stack.ts";
import { FILES } from "./values.ts";

beforeAll(() => openStack());
afterAll(closeStack);

describe("Kratos, Hydra and olympus-init", () => {
  beforeAll(async () => {
    expect(prepareDatabases().code).toBe(0);
    await startOry();
  });
  const init = (): CommandOutput => runBundleScript("olympus-init", [], ORY_ENDPOINTS);
  const login = (port: number, identifier: string, password: string) => {
    const flow = curlJson(`http://127.0.0.1:${port}/self-service/login/api`);
    const body = JSON.stringify({ method: "password", identifier, password });
    return curlJson(
      "-X",
      "POST",
      "-H",
      "Content-Type: application/json",
      "-d",
      body,
      `http://127.0.0.1:${port}/self-service/login?flow=${flow.id}`,
    );
  };

  it("offers the providers of the one environment value", () => {
    const flow = curlJson(
      "-H",
      "Accept: application/json",
      "http://127.0.0.1:5000/self-service/login/browser",
    );
    const offered = flow.ui.nodes
      .filter((n: { group: string }) => n.group === "oidc")
      .map((n: { attributes: { value: string } }) => n.attributes.value);
    expect(offered.sort()).toEqual(["apple", "google"]);
    expect(flow.ui.action).toContain(`https://${stackValues.CIAM_LOGIN_HOST}/self-service/login`);
  });
  it("issues under the configured host", () => {
    expect(curlJson("http://127.0.0.1:5002/.well-known/openid-configuration").issuer.replace(/\/$/, "")).toBe(
      `https://${stackValues.CIAM_OAUTH_HOST}`,
    );
    expect(
      curlJson("http://127.0.0.1:7002/.well-known/openid-configuration").subject_types_supported.sort(),
    ).toEqual(["pairwise", "public"]);
  });
  it("is done once: the second run writes nothing", () => {
    const first = init();
    expect(first, first.err).toMatchObject({ code: 0 });
    // One administrator, two people who are no people, five clients.
    expect(first.out.match(/written|present/g)).toHaveLength(8);
    expect(init()).toMatchObject({ code: 0, out: "", err: "" });
    const clients = [
      ...curlJson("http://127.0.0.1:5003/admin/clients"),
      ...curlJson("http://127.0.0.1:7003/admin/clients"),
    ];
    expect(clients.map((c: { client_id: string }) => c.client_id).sort()).toEqual([
      "athena-ciam-client",
      "athena-iam-client",
      "pgadmin",
      "site-ciam-client",
      "site-iam-client",
    ]);
  });
  it("replaces a client that somebody changed the making of", () => {
    writeValues({ SITE_HOST: "other.your-app.com" });
    expect(init().out).toBe("client site-ciam-client written\nclient site-iam-client written\n");
    expect(curlJson("http://127.0.0.1:5003/admin/clients/site-ciam-client").redirect_uris).toEqual([
      "https://other.your-app.com/callback/ciam",
    ]);
    writeValues();
    expect(init().code).toBe(0);
  });
  it("lets the first administrator log in, and keeps a password changed since", () => {
    const email = stackValues.FIRST_ADMINISTRATOR ?? "";
    expect(login(7000, email, stackSecrets.ADMIN_PASSWORD ?? "").session.active).toBe(true);
    const [admin] = curlJson(
      "-G",
      "--data-urlencode",
      `credentials_identifier=${email}`,
      "http://127.0.0.1:7001/admin/identities",
    );
    const changed = JSON.stringify({
      schema_id: "admin",
      state: "active",
      traits: admin.traits,
      credentials: { password: { config: { password: "changed-by-its-owner" } } },
    });
    curlJson(
      "-X",
      "PUT",
      "-H",
      "Content-Type: application/json",
      "-d",
      changed,
      `http://127.0.0.1:7001/admin/identities/${admin.id}`,
    );
    expect(init().code).toBe(0);
    expect(login(7000, email, "changed-by-its-owner").session.active).toBe(true);
  });
  it("sends who wants to log in to the login host, with a challenge", () => {
    const query = `client_id=athena-iam-client&response_type=code&scope=openid&state=12345678&redirect_uri=https://${stackValues.IAM_ADMIN_HOST}/api/auth/callback`;
    const to = (q: string) =>
      curl(
        "-o",
        "/dev/null",
        "-w",
        "%{redirect_url}",
        "-H",
        "X-Forwarded-Proto: https",
        `http://127.0.0.1:7002/oauth2/auth?${q}`,
      ).out;
    expect(to(`${query}&code_challenge=${"a".repeat(43)}&code_challenge_method=S256`)).toContain(
      `https://${stackValues.IAM_LOGIN_HOST}/login?login_challenge=`,
    );
  });
  const traits: Record<string, [number, Record<string, unknown>]> = {
    default: [5001, { email: "a@example.com", username: "anna1", first_name: "Anna" }],
    customer: [
      5001,
      {
        email: "b@example.com",
        customer_id: "CUST-7",
        first_name: "B",
        last_name: "C",
        loyalty_tier: "gold",
      },
    ],
    organizational: [
      5001,
      {
        email: "c@example.com",
        employee_id: "E-1",
        first_name: "C",
        last_name: "D",
        department: "HR",
        role: "senior",
      },
    ],
    admin: [7001, { email: "d@example.com", name: { first: "D" }, role: "viewer", roles: ["dba"] }],
  };
  it.each(Object.keys(traits))("takes an identity of schema %s and refuses an unknown trait", (schema) => {
    const [port, fits] = traits[schema] ?? [0, {}];
    const create = (t: object) =>
      curl(
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "-X",
        "POST",
        "-d",
        JSON.stringify({ schema_id: schema, traits: t }),
        `http://127.0.0.1:${port}/admin/identities`,
      ).out;
    expect(create({ ...fits, unknown: 1 })).toBe("400");
    expect(create(fits)).toBe("201");
  });
  it("runs the housekeeping commands", () => {
    const job = readFileSync(join(FILES, "bin/olympus-job"), "utf8").replaceAll("\\\n", " ");
    const argumentsOf = (program: string) =>
      job.match(new RegExp(`"olympus-\\$domain-${program}" (.*)`))?.[1] ?? "";
    for (const program of ["kratos", "hydra"]) {
      const line = argumentsOf(program)
        .replace(`/etc/config/${program}/`, `/etc/config/ciam-${program}/`)
        .split(/\s+/);
      expect(line[0]).toBe(program);
      const done = machine.run(line, { env: environmentOf(`ciam-${program}`) });
      expect(done.code, done.err).toBe(0);
    }
  });
});
