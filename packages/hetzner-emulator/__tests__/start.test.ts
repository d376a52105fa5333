import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { directory } from "./client.ts";

const BIN = fileURLToPath(new URL("../bin.mjs", import.meta.url));

test("starts by itself from any folder, and prints what a client needs", async () => {
  const cwd = directory();
  const args = ["--port", "0", "--directory", "clouds", "--project", `staging=${"s".repeat(64)}`];
  const child = execa("node", [BIN, ...args], { cwd, env: { INIT_CWD: undefined }, reject: false });
  try {
    let printed = "";
    for await (const chunk of child.stdout) {
      printed = String(chunk);
      break;
    }
    const [, url] = /^HCLOUD_ENDPOINT=(\S+)\nHCLOUD_TOKEN=s{64} # project staging\n$/.exec(printed) ?? [];
    const answer = await fetch(`${url}/servers`, { headers: { Authorization: `Bearer ${"s".repeat(64)}` } });
    expect(await answer.json()).toMatchObject({ servers: [] });
    await fetch(`${url}/ssh_keys`, {
      method: "POST",
      headers: { Authorization: `Bearer ${"s".repeat(64)}` },
    });
    expect(existsSync(join(cwd, "clouds", "staging.json"))).toBe(true);
  } finally {
    child.kill();
  }
});

test.each([
  [["--project", "staging"], "Write <name>=<token>."],
  [["--port", "65536", "--directory", directory()], "port"],
])("with %j says what is wrong, and no more", async (args, words) => {
  const { exitCode, stderr } = await execa("node", [BIN, ...args], { reject: false });
  expect([exitCode, stderr.split("\n").length, stderr]).toEqual([1, 1, expect.stringContaining(words)]);
});
