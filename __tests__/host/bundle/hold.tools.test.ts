import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { FILES } from "./values.ts";

let folder: string;
const at = (...path: string[]): string => join(folder, ...path);
const NAMES = ["ciam-hera", "ciam-kratos", "mailpit"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-hold-"));
  mkdirSync(at("run/edge/upstreams"), { recursive: true });
  mkdirSync(at("shims"));
  for (const name of NAMES) writeFileSync(at("run/edge/upstreams", name), name);
  caddy({ running: true, asked: [] });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What podman says of Caddy: whether it runs, and, each time that it is asked, the requests under way by name. */
function caddy({
  running,
  asked,
  name = "olympus-caddy",
}: {
  running: boolean;
  name?: string;
  asked: readonly Readonly<Record<string, number>>[];
}): void {
  rmSync(at("asked"), { force: true });
  const answers = asked.map((counts) =>
    JSON.stringify(
      Object.entries(counts).map(([name, num_requests]) => ({
        address: `{file./etc/caddy/upstreams/${name}}:3000`,
        num_requests,
        fails: 0,
      })),
    ),
  );
  writeFileSync(at("answers"), `${answers.join("\n")}\n`);
  writeFileSync(
    at("shims/podman"),
    `#!/bin/bash\nif [ "$1" = container ]; then [[ "$*" != *" ${name}" ]] || echo ${running}; exit; fi\n[[ "$*" = "exec ${name} "* ]] || exit 1\nshift 2\ninside=/etc/caddy\nexec "\${@//$inside/${at("run/edge")}}"\n`,
  );
  writeFileSync(
    at("shims/wget"),
    `#!/bin/bash\necho asked >>${at("asked")}\nanswer=$(sed -n "$(wc -l <${at("asked")})p" ${at("answers")})\necho "\${answer:-[]}"\n`,
  );
  for (const name of ["podman", "wget"]) chmodSync(at("shims", name), 0o755);
}

async function run(words: string): Promise<string> {
  const lib = (name: string) => `. ${join(FILES, "bin", name)}`;
  const script = [lib("olympus-lib"), lib("olympus-hold-lib"), words].join("\n");
  const { stdout } = await execa("bash", ["-euo", "pipefail", "-c", script], {
    env: childEnvironment({
      OLYMPUS_RUN: at("run"),
      PATH: `${at("shims")}:/usr/sbin:/usr/bin:/sbin:/bin`,
    }),
    extendEnv: false,
    stdin: "ignore",
  });
  return stdout;
}
const leads = (): string[] => NAMES.map((name) => readFileSync(at("run/edge/upstreams", name), "utf8"));
const questions = (): number =>
  existsSync(at("asked")) ? readFileSync(at("asked"), "utf8").split("\n").length - 1 : 0;

test("who asks for what is held waits, the others do not, and who asked before has the answer first", async () => {
  caddy({ running: true, asked: [{ "ciam-hera": 2, mailpit: 9 }, { "ciam-hera": 1 }, { mailpit: 9 }] });
  await run("hold ciam-hera ciam-kratos no-such");
  expect(leads()).toEqual(["127.0.0.1", "127.0.0.1", "mailpit"]);
  expect(existsSync(at("run/edge/upstreams/no-such"))).toBe(false);
  expect(questions()).toBe(3);
});

test("an answer that does not come is waited for in vain for 5 s, and no longer", async () => {
  caddy({ running: true, asked: Array.from({ length: 5000 }, () => ({ "ciam-hera": 1 })) });
  const begin = Date.now();
  await run("hold ciam-hera");
  expect(Date.now() - begin).toBeGreaterThan(4000);
  expect(leads()[0]).toBe("127.0.0.1");
});

test("what is held already is not waited for once more", async () => {
  await run("hold ciam-hera; hold ciam-hera");
  expect(questions()).toBe(1);
});

test("admit lets everybody in, and says how long they waited", async () => {
  expect(await run("hold ciam-hera ciam-kratos; admit; admit")).toMatch(/^visitors waited \d+ ms$/);
  expect(leads()).toEqual(NAMES);
});

test("astray names what a killed start has left: who waits, and who is led to one of two", async () => {
  expect(await run("astray")).toBe("");
  await run("hold ciam-kratos; lead ciam-hera 0123456789ab");
  expect((await run("astray")).split("\n")).toEqual(["ciam-hera", "ciam-kratos"]);
  expect(await run("admit; astray")).toMatch(/^ciam-hera$/);
});

test("who is led to one of two waits as everybody does", async () => {
  await run("lead ciam-hera 0123456789ab; hold ciam-hera");
  expect(leads()[0]).toBe("127.0.0.1");
});

test("where Caddy does not run nobody waits, so nothing is held", async () => {
  caddy({ running: false, asked: [] });
  await run("hold ciam-hera");
  expect([leads(), questions()]).toEqual([NAMES, 0]);
});

test("where another Caddy was made for the one that serves, who asks that one is held", async () => {
  caddy({ running: true, asked: [{ "ciam-hera": 1 }], name: "olympus-caddy-old" });
  await run("serving_caddy=olympus-caddy-old; hold ciam-hera");
  expect([leads()[0], questions()]).toEqual(["127.0.0.1", 2]);
});
