import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { adminLogin } from "../../../cli/provision/sandbox/admin-login.ts";
import { openBrowser } from "../../../cli/smoke/browser.ts";
import { createSmokeClient } from "../../../cli/smoke/client.ts";
import { formWith, submission } from "../../../cli/smoke/form.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { durabilityTests } from "./durability.ts";
import {
  ENVIRONMENT_TOOLS,
  type EnvironmentUnderTest,
  type ProcessResult,
  startEnvironment,
} from "./environment-under-test.ts";
import { portTests } from "./ports.ts";
import { secretTests } from "./secrets.ts";
import { survivalTests } from "./survival.ts";
import { unnoticedTests } from "./unnoticed.ts";

describe.skipIf(skipWithout(ENVIRONMENT_TOOLS))(
  "a whole environment, from a sandbox that ran without machines",
  () => {
    let whole: EnvironmentUnderTest;
    let first: ProcessResult;
    beforeAll(async () => {
      ({ whole, first } = await startEnvironment("staging", { afterBooks: true }));
    });
    afterAll(async () => {
      await whole?.stop();
    });

    const containers = (): Promise<string> =>
      whole.inside("podman ps -a --format '{{.ID}} {{.Names}} {{.StartedAt}}' | sort");

    test("ends with an administrator who has logged in, and says where to look", async () => {
      expect(first.out).toMatch(/logged in within \d+ ms/);
      expect(first.out).toContain(`olympus@${whole.address}`);
      expect(first.out).toContain("olympus status staging");
      for (const value of Object.values(whole.secrets).filter(
        (text) => text.length > 12 && !/mailpit|CERTIFICATE/.test(text),
      ))
        expect(first.out + first.err).not.toContain(value);
    });

    test("a wrong password does not log in", async () => {
      const login = adminLogin(whole.env, whole.route, "not-the-password");
      await expect(login).rejects.toThrow("the login page refused the user");
    });

    test("its mail is seen in Mailpit, by the office only", async () => {
      const { hosts, firstAdministrator } = whole.env;
      const client = createSmokeClient(whole.route, Object.values(hosts), AbortSignal.timeout(60_000));
      const browser = openBrowser(client);
      const { page } = await browser.visit(`https://${hosts.iam}/recovery`);
      const form = formWith("input[type=email]", page.body, page.url);
      await browser.visit(form.action, submission(form, { email: firstAdministrator }));
      await expect
        .poll(
          async () => messages(JSON.parse((await client.send(`https://${hosts.mail}/api/v1/messages`)).body)),
          {
            timeout: 30_000,
            interval: 500,
          },
        )
        .toContainEqual({ to: firstAdministrator, from: `noreply@${whole.env.domain}` });
      const outside = createSmokeClient(
        { ...whole.route, from: undefined },
        [hosts.mail],
        AbortSignal.timeout(10_000),
      );
      expect((await outside.send(`https://${hosts.mail}/`)).status).toBe(403);
      client.close();
      outside.close();
    });

    test("a second run changes nothing", async () => {
      const look = async () => [
        await containers(),
        whole.clouds(),
        await whole.inside("ls /opt/olympus/releases; cat /opt/olympus/history"),
      ];
      const before = await look();
      const second = await whole.provision();
      expect(second.code, second.err).toBe(0);
      expect(second.out).toContain("nothing to do");
      expect(await look()).toEqual(before);
      const books = await whole.provision("--yes");
      expect(books.code, books.err).toBe(0);
      expect(await look()).toEqual(before);
    });

    test("a backup is stored off the machine, and the drill brings it back", async () => {
      const backup = await whole.olympus(["backup", "staging"]);
      expect(backup.code, backup.err).toBe(0);
      expect(backup.out).toMatch(/reads back: 5 databases, \d+ tables, \d+ rows/);
      const drill = await whole.olympus(["drill", "staging"]);
      expect(drill.code, drill.err).toBe(0);
      expect(drill.out).toMatch(/RPO.*RTO/s);
      const forced = await whole.olympus(["release", "staging", "--force"]);
      expect(forced.code, forced.err).toBe(0);
      const list = await whole.olympus(["backups", "staging"]);
      expect(list.out).toMatch(/by-hand[\s\S]*before-release/);
    });

    survivalTests(() => whole);
    unnoticedTests(() => whole, true);

    test("status is healthy, and says what stands in", async () => {
      const { code, out } = await whole.olympus(["status", "staging"]);
      expect(code, out).toBe(0);
      expect(out).toMatch(
        /kratos +running healthy +docker.io\/oryd\/kratos:v26.2.0 +STAND-IN: github.com\/ory\/kratos v1.3.1/,
      );
    });

    portTests(() => whole);
    secretTests(() => whole);
    durabilityTests(() => whole);
  },
);

const messagesSchema = z.object({
  messages: z.array(
    z.object({ From: z.object({ Address: z.string() }), To: z.array(z.object({ Address: z.string() })) }),
  ),
});

const messages = (answer: unknown) =>
  messagesSchema.parse(answer).messages.map(({ From, To }) => ({ to: To[0]?.Address, from: From.Address }));
