import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TRACKED } from "./support/sources.ts";

// The first day of a team: values of their own in config/, and the workflows' zone by its name. No test is touched.
const root = mkdtempSync(join(tmpdir(), "olympus-own-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI";
const OWN: readonly (readonly [from: RegExp, to: string])[] = [
  [/your-app\.com/g, "acme.co.uk"],
  [/your-app-com/g, "acme-co-uk"],
  [/your_app_com/g, "acme_co_uk"],
  [/YOUR_APP_COM/g, "ACME_CO_UK"],
  [/0{31}1/g, "023e105f4ecef8ad9ca31a8372d0c353"],
  [/0{31}2/g, "699d98642c564d2e855e9661899b7252"],
  [/your-org\/olympus-infra/g, "acme/identity"],
  [/your-app-olympus/g, "acme-identity"],
  [/Your App/g, "Acme"],
  [/oncall@/g, "platform@"],
  [/203\.0\.113\.0\/28/g, "81.2.69.160/28"],
  [/198\.51\.100\.0\/24/g, "81.2.70.0/24"],
  [/2001:db8:0:1::/g, "2a02:ff0:3303:1::"],
  [/ssh-ed25519 \S+ operator@/g, `${KEY}M29tLkkTTLqJqU0mBnl7pBhmVNmQaQh6XKVwSKM6hEB alice@`],
  [/ssh-ed25519 \S+ developer@/g, `${KEY}Ju0TTgmUP4zyUHhqPSzTTqjSFpeaHgvNPNmnRUFDCaB bob@`],
  [/volumeGb: 20/g, "volumeGb: 40"],
  [/"cpx32",\n {2}rateLimits/g, '"cpx42",\n  rateLimits'],
  [/events: 100/g, "events: 50"],
];

const run = (file: string, ...args: string[]) => execa(file, args, { cwd: root, all: true, reject: false });

beforeAll(async () => {
  for (const file of TRACKED) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    cpSync(file, join(root, file));
  }
  // The generated bindings are in no commit.
  const bindings = "packages/provider-hcloud/lib";
  cpSync(bindings, join(root, bindings), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
  for (const name of TRACKED.filter((file) => /^(config\/[a-z]+\.ts|\.github\/workflows\/.*)$/.test(file))) {
    const text = readFileSync(join(root, name), "utf8");
    writeFileSync(
      join(root, name),
      OWN.reduce((changed, [from, to]) => changed.replace(from, to), text),
    );
  }
  rmSync(join(root, "config", "csr"), { recursive: true });
  for (const environment of ["prod", "staging"])
    expect((await run("./olympus", "csr", environment)).all).toContain("acme.co.uk.csr");
  await run("git", "init", "--quiet");
  await run("git", "add", "--all");
  const author = ["-c", "user.name=A team", "-c", "user.email=team@acme.co.uk"];
  await run("git", ...author, "commit", "--quiet", "--message", "Our own values");
});

test.each(["node", "tools"])(
  "one's own domain, zone, keys, ranges and addresses leave every test of the tier %s green",
  async (tier) => {
    const { exitCode, all } = await run("npx", "vitest", "run", "--project", tier, "--reporter", "dot");
    expect(exitCode, all?.slice(-8000)).toBe(0);
  },
);
