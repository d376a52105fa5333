import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { extraUnits } from "../../../host/extra-units.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";
import { recordedFile } from "../../facts/catalogue.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import { createSecretValues, FILES, plainValues, writeConfig } from "../bundle/values.ts";
import { type Journal, startJournal } from "./journal.ts";

let folder: string;
const paths = () => ({
  OLYMPUS_CONFIG: join(folder, "config"),
  OLYMPUS_RUN: join(folder, "run"),
  OLYMPUS_DATA: join(folder, "data"),
});
const configure = (secrets: Record<string, string>): void =>
  writeConfig(paths().OLYMPUS_CONFIG, plainValues(), createSecretValues(secrets));

/** A server that keeps what it gets and answers with `status`. */
const received: { url: string; body: string }[] = [];
let status = 200;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "olympus-watching-"));
  mkdirSync(paths().OLYMPUS_RUN);
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      received.push({ url: request.url ?? "", body: Buffer.concat(parts).toString() });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(skipWithout(["go", "jq"]))("olympus-receivers", () => {
  const make = async (secrets: Record<string, string>) => {
    configure(secrets);
    const done = await execa(join(FILES, "bin/olympus-receivers"), { env: paths(), reject: false });
    const target = join(paths().OLYMPUS_RUN, "alertmanager");
    const file = (name: string) => readFileSync(join(target, name), "utf8");
    return {
      ...done,
      target,
      file,
      config: done.exitCode === 0 ? parse(file("alertmanager.yml")) : undefined,
    };
  };
  const check = async (target: string): Promise<void> => {
    const amtool = await ensureProgram("amtool", stderrProgress);
    await execa(amtool, ["check-config", join(target, "alertmanager.yml")]);
  };
  const SES = "smtps://AKIA:pa%2Fss%3A%25@email-smtp.eu-central-1.amazonaws.com:465/";

  it("tells by mail alone where nothing else is given", async () => {
    const { config, target } = await make({
      SMTP_CONNECTION_URI: "smtp://mailpit:1025/?disable_starttls=true",
    });
    await check(target);
    expect(config.global).toMatchObject({ smtp_smarthost: "mailpit:1025", smtp_require_tls: false });
    expect(config.global.smtp_auth_username).toBeUndefined();
    expect(config.receivers).toEqual([
      { name: "operators", email_configs: [{ to: plainValues().ALERT_EMAIL, send_resolved: true }] },
      { name: "watchdog" },
    ]);
    expect(readdirSync(target)).toEqual(["alertmanager.yml"]);
  });
  it("tells a webhook and the switch, with a relay's user and password, and lets nobody else read them", async () => {
    const addresses = {
      ALERT_WEBHOOK_URL: "https://x.test/hook?t=1&u=2",
      DEADMAN_URL: "https://hc.test/key/",
    };
    const { config, target, file } = await make({ SMTP_CONNECTION_URI: SES, ...addresses });
    await check(target);
    expect(config.global).toMatchObject({ smtp_auth_username: "AKIA", smtp_force_implicit_tls: true });
    expect(file("smtp-password")).toBe("pa/ss:%");
    expect(file("webhook")).toBe(addresses.ALERT_WEBHOOK_URL);
    expect(file("watchdog")).toBe("https://hc.test/key/watchdog");
    expect(file("alertmanager.yml")).not.toMatch(/pa\/ss|x\.test|hc\.test/);
    expect(statSync(target)).toMatchObject({ uid: 65530, mode: 0o40700 });
    for (const name of readdirSync(target))
      expect(statSync(join(target, name)), name).toMatchObject({ uid: 65530, mode: 0o100600 });
  });
  it.each([
    ["a port of its own", "smtp://u:p@smtp.postmarkapp.com/", "smtp.postmarkapp.com:587"],
    ["an address of IPv6", "smtp://u:p@[2001:db8::1]:2525/", "[2001:db8::1]:2525"],
  ])("knows a relay with %s", async (_, uri, host) => {
    const { config, target } = await make({ SMTP_CONNECTION_URI: uri });
    await check(target);
    expect(config.global.smtp_smarthost).toBe(host);
  });
  it("takes nothing that is no relay, keeps what was there, and shows no part of it", async () => {
    await make({});
    const { exitCode, stderr, stdout, file } = await make({ SMTP_CONNECTION_URI: "smtp://hunter2@a@b:c" });
    expect(exitCode).toBe(1);
    expect(stderr + stdout).not.toContain("hunter2");
    expect(file("alertmanager.yml")).toContain("receivers:");
  });
});

describe("olympus-done", () => {
  const done = () => execa(join(FILES, "bin/olympus-done"), ["vacuum"], { env: paths(), reject: false });

  it("notes the time and tells the switch", async () => {
    configure({ DEADMAN_URL: `${url}/ping-key` });
    const noted = () =>
      statSync(join(paths().OLYMPUS_DATA, "timers/vacuum"), { throwIfNoEntry: false })?.mtimeMs;
    const before = noted() ?? 0;
    expect(await done()).toMatchObject({ exitCode: 0, stderr: "" });
    expect(received.at(-1)?.url).toBe("/ping-key/vacuum");
    expect(noted()).toBeGreaterThan(before);
  });
  it("is done where there is no switch", async () => {
    configure({ DEADMAN_URL: "off" });
    const before = received.length;
    expect((await done()).exitCode).toBe(0);
    expect(received).toHaveLength(before);
  });
});

describe("olympus-metrics", () => {
  it("tells the age of every timer that the release brought, those of the extras too", async () => {
    const release = join(folder, "release");
    cpSync(FILES, release, { recursive: true });
    const extras = fixtureFleet().mirrors[0]?.environment.extras;
    for (const [name, text] of Object.entries(extraUnits(extras)))
      writeFileSync(join(release, "systemd", name), text);
    await execa(join(release, "bin/olympus-metrics"), { env: paths(), reject: false });
    const text = readFileSync(join(paths().OLYMPUS_RUN, "metrics/timers.prom"), "utf8");
    for (const [timer, maxAge] of [
      ["vacuum", 93600],
      ["logins", 10800],
    ]) {
      expect(text).toMatch(new RegExp(`last_success_timestamp_seconds\\{timer="${timer}"\\} \\d{10}\n`));
      expect(text).toContain(`olympus_timer_max_age_seconds{timer="${timer}"} ${maxAge}\n`);
    }
  });
});

describe.skipIf(skipWithout(["unshare", "nsenter", "logger", "journalctl", "jq"]))("the journal", () => {
  let journal: Journal;
  beforeAll(async () => {
    journal = await startJournal();
  });
  afterAll(() => journal?.stop());

  const run = async (name: string) => {
    const [file = "", ...args] = [...journal.inside, join(FILES, "bin", name)];
    return execa(file, args, { env: paths(), reject: false });
  };
  const lines = () =>
    received
      .flatMap(({ body }) => body.split("\n"))
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));

  it("is shipped line by line: Olympus's own, each at least once, in order", async () => {
    configure({ LOG_SHIPPING_URL: `${url}/logs?token=hunter2` });
    await journal.write("olympus-caddy", '{"msg":"first"}');
    await journal.write("somebody-else", "not ours");
    await journal.write("olympus-postgres", '2026 [7] LOG:  second "quoted" ünïcode');
    expect(await run("olympus-ship-logs")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    expect(lines().map((l) => [l.unit, l.message, l.priority])).toEqual([
      ["olympus-caddy", '{"msg":"first"}', 3],
      ["olympus-postgres", '2026 [7] LOG:  second "quoted" ünïcode', 3],
    ]);
    expect(Object.keys(lines()[0])).toEqual(["time", "host", "unit", "priority", "message"]);

    await journal.write("olympus-caddy", '{"msg":"third"}');
    status = 503;
    const refused = await run("olympus-ship-logs");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).not.toContain("hunter2");
    status = 200;
    received.length = 0;
    expect((await run("olympus-ship-logs")).exitCode).toBe(0);
    expect(lines().map((l) => l.message)).toEqual(['{"msg":"third"}']);
    received.length = 0;
    expect((await run("olympus-ship-logs")).exitCode).toBe(0);
    expect(received).toEqual([]);
  });

  it("is shipped as far as the list goes: no code, no address, no header", async () => {
    const told = recordedFile("kratos-log.jsonl")
      .split("\n")
      .find((line) => line.includes("message_subject"));
    received.length = 0;
    for (const [writer, line] of [
      ["olympus-ciam-kratos", told ?? ""],
      ["olympus-caddy", '{"msg":"handled request","request":{"uri":"/","headers":{"X-New":["s3cret"]}}}'],
      ["olympus-postgres", '2026 [7] a@b ERROR:  invalid input syntax for type uuid: "s3cret"'],
      ["olympus-postgres", "2026 [7] a@b DETAIL:  Key (email)=(ada@example.com) already exists."],
      ["olympus-ciam-hera", "login of ada@example.com with s3cret failed"],
      ["olympus-ciam-hera", "[security][lockout] for ada@example.com"],
    ] as const)
      await journal.write(writer, line);
    expect((await run("olympus-ship-logs")).exitCode).toBe(0);
    const { level, msg, time } = JSON.parse(told ?? "{}");
    const [kratos, ...others] = lines().map((l) => l.message as string);
    expect(JSON.parse(kratos ?? "")).toMatchObject({ level, msg, time });
    expect(kratos).not.toMatch(/message_|recipient|@/);
    expect(others).toEqual([
      '{"msg":"handled request","request":{"uri":"/"}}',
      '2026 [7] a@b ERROR:  invalid input syntax for type uuid: "removed"',
      "removed",
      "removed",
      "[security][lockout] for removed",
    ]);
  });

  it("stays here where nobody wants it", async () => {
    configure({ LOG_SHIPPING_URL: "off" });
    received.length = 0;
    await journal.write("olympus-caddy", "fourth");
    expect((await run("olympus-ship-logs")).exitCode).toBe(0);
    expect(received).toEqual([]);
  });

  it("is counted by event, each line once, and only what is one", async () => {
    const count = async () => {
      await run("olympus-metrics");
      const text = readFileSync(join(paths().OLYMPUS_RUN, "metrics/logs.prom"), "utf8");
      return Object.fromEntries(
        [...text.matchAll(/event="(\w+)"\} (\d+)/g)].map(([, event, n]) => [event, Number(n)]),
      );
    };
    expect(await count()).toEqual({ database_connection_failure: 0, encryption_key_rejected: 0 });
    const stamp = "2026-11-25 16:00:00.000 UTC [7]";
    for (const [container, message] of [
      ["olympus-postgres", `${stamp} a@b FATAL:  password authentication failed for user "a"`],
      ["olympus-postgres", `${stamp} a@b FATAL:  sorry, too many clients already`],
      ["olympus-postgres", `${stamp} FATAL:  the database system is starting up`],
      ["olympus-postgres", `${stamp} FATAL:  terminating connection due to administrator command`],
      ["olympus-postgres", `${stamp} ERROR:  duplicate key value violates unique constraint`],
      [
        "olympus-ciam-hera",
        "[security][brute_force][fail_open] checkLockout DB error for identifier_hash=00:",
      ],
      ["olympus-ciam-athena", "Error: [SDK] ENCRYPTION_KEY does not meet minimum length: 3 bytes provided"],
      ["olympus-iam-hera", "Error: Unsupported state or unable to authenticate data"],
      ["olympus-caddy", "FATAL: ENCRYPTION_KEY [fail_open]"],
    ] as const)
      await journal.write(container, message);
    expect(await count()).toEqual({ database_connection_failure: 3, encryption_key_rejected: 2 });
    expect(await count()).toEqual({ database_connection_failure: 3, encryption_key_rejected: 2 });
  });
});
