import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hetznerEmulator } from "@olympus-infra/hetzner-emulator";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileText, type HetznerList, listChanges, listOf } from "../../../cli/provision/types.ts";
import { hetznerList } from "../../../config/hetzner-list.ts";
import { type RunningServer, serve } from "../../../lib/http-service.ts";
import { Checkout } from "../../support/checkout.ts";
import { onlyAccepted } from "../../support/said.ts";

const TOKEN = "s".repeat(64);
const FILE = "config/hetzner-list.ts";

describe.sequential("olympus types, of an emulated Hetzner", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-types-"));
  const checkout = new Checkout();
  let service: RunningServer;
  beforeAll(async () => {
    service = await serve(hetznerEmulator({ directory: folder, projects: { staging: TOKEN } }));
  });
  afterAll(async () => {
    await service?.close();
    checkout.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const types = (
    args: readonly string[] = [],
    env: Record<string, string> = { HCLOUD_TOKEN_STAGING: TOKEN },
  ) =>
    execa("node", ["scripts/run.mjs", "types", ...args], {
      cwd: checkout.root,
      env: { ...env, HCLOUD_ENDPOINT: `${service.url}/v1`, CLOUDFLARE_BASE_URL: "http://127.0.0.1:9" },
      reject: false,
    });
  const text = () => readFileSync(join(checkout.root, FILE), "utf8");
  const setPrice = (item: string, monthly: number) =>
    fetch(`${service.url}/_sandbox/prices`, { method: "POST", body: JSON.stringify({ item, monthly }) });

  test("the shipped list is what the emulator sells: nothing is written, and the date stays", async () => {
    const before = text();
    const { exitCode, stdout } = await types();
    expect([exitCode, stdout]).toEqual([0, `${FILE} is what Hetzner says today for fsn1.`]);
    expect(text()).toBe(before);
  });

  test("a price that moved is shown by --check, with exit code 1, and written without it", async () => {
    await setPrice("cpx22", 21.49);
    const checked = await types(["--check"]);
    expect([checked.exitCode, checked.stdout]).toEqual([1, "  change  cpx22  19.49 amd64 -> 21.49 amd64"]);
    const asked = await types(["--check", "--json"]);
    expect([asked.exitCode, JSON.parse(asked.stdout)]).toEqual([
      1,
      {
        ...{ file: FILE, location: "fsn1", isWritten: false },
        changes: [{ item: "cpx22", before: "19.49 amd64", after: "21.49 amd64" }],
      },
    ]);
    expect(text()).toContain('date: "2026-09-03"');
    const { exitCode, stdout } = await types();
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("read its diff, then commit it")]);
    expect(text()).toContain('cpx22: { architecture: "amd64", monthly: 21.49 },');
    expect(text()).not.toContain("2026-09-03");
    const again = text();
    expect((await types()).stdout).toContain("is what Hetzner says today");
    expect(text()).toBe(again);
    expect((await checkout.synth()).stderr).toEqual(onlyAccepted);
  });

  test("a token that is missing or wrong is told, and nothing is written", async () => {
    const before = text();
    expect((await types([], {})).stderr).toContain("HCLOUD_TOKEN_PROD or HCLOUD_TOKEN_STAGING");
    expect((await types([], { HCLOUD_TOKEN_PROD: "w".repeat(64) })).stderr).toContain("status 401");
    expect(text()).toBe(before);
  });
});

const LIST: HetznerList = {
  serverTypes: { cpx22: { architecture: "amd64", monthly: 19.49 } },
  primaryIpv4: 0.5,
  volumeGb: 0.0572,
};

test("types that are new or gone and every other price are changes of their own", () => {
  const today = {
    ...LIST,
    serverTypes: { cpx23: { architecture: "amd64", monthly: 9 } },
    volumeGb: 0.06,
  } as const;
  expect(listChanges(LIST, today)).toEqual([
    { item: "cpx22", before: "19.49 amd64", after: null },
    { item: "cpx23", before: null, after: "9 amd64" },
    { item: "volumeGb", before: "0.0572", after: "0.06" },
  ]);
  expect(listChanges(LIST, { ...LIST })).toEqual([]);
});

test("a bill in another currency and an empty list are refused", () => {
  const sold = [{ name: "cpx22", architecture: "amd64", monthly: 19.49 }] as const;
  const others = { currency: "EUR", primaryIpv4: 0.5, volumeGb: 0.0572 };
  expect(listOf(sold, others)).toEqual(LIST);
  expect(() => listOf(sold, { ...others, currency: "USD" })).toThrow(/in USD.*in EUR/);
  expect(() => listOf([], others)).toThrow(/no server type/);
});

test("the file that is written is formatted, and means what it was made of", async () => {
  const written = fileText(readFileSync(FILE, "utf8"), "2026-12-01", "fsn1", hetznerList);
  const { stdout } = await execa("npx", ["biome", "format", "--stdin-file-path", FILE], { input: written });
  expect(stdout).toBe(written.trimEnd());
});

test("what is read of a server type is what the provider knows of one", () => {
  const { provider_schemas } = JSON.parse(
    readFileSync("packages/provider-hcloud/schemas/hcloud-1.68.0.json", "utf8"),
  ) as {
    provider_schemas: Record<
      string,
      { data_source_schemas: Record<string, { block: { attributes: object } }> }
    >;
  };
  const [schema] = Object.values(provider_schemas);
  expect(Object.keys(schema?.data_source_schemas.hcloud_server_type?.block.attributes ?? {})).toEqual(
    expect.arrayContaining(["name", "architecture", "locations"]),
  );
});
