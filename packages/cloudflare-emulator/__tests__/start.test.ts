import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../bin.mjs", import.meta.url));

/** Starts the emulator, takes the variables that it prints, and ends it after `use`. */
async function started(args: string[], use: (variables: Record<string, string>, text: string) => unknown) {
  const child = execa("node", [BIN, "--port", "0", ...args], { reject: false });
  try {
    let text = "";
    for await (const chunk of child.stdout) {
      text = String(chunk);
      break;
    }
    await use(
      Object.fromEntries([...text.matchAll(/^(\w+)=(\S+)/gm)].map(([, name, value]) => [name, value])),
      text,
    );
  } finally {
    child.kill();
  }
}

test("starts by itself, prints what a client needs, and finds its zones again", async () => {
  const args = [
    "--directory",
    mkdtempSync(join(tmpdir(), "cloudflare-")),
    "--zone",
    "a.example",
    "b.example",
  ];
  const seen: string[] = [];
  for (const comment of [null, "kept"])
    await started(args, async (variables, text) => {
      seen.push(String(variables.CLOUDFLARE_ZONE_ID));
      expect(text).toMatch(/ # a\.example\n.* # b\.example\n$/);
      const records = `${variables.CLOUDFLARE_BASE_URL}/zones/${variables.CLOUDFLARE_ZONE_ID}/dns_records`;
      const headers = { Authorization: `Bearer ${variables.CLOUDFLARE_API_TOKEN}` };
      const record = { type: "A", name: "www", content: "203.0.113.1", ttl: 1, comment: "kept" };
      expect(await (await fetch(records, { headers })).json()).toMatchObject({
        result: comment ? [{ comment }] : [],
      });
      await fetch(records, { method: "POST", headers, body: JSON.stringify(record) });
    });
  expect(seen[0]).toBe(seen[1]);
  expect(seen[0]).toMatch(/^[0-9a-f]{32}$/);
});
