import { expect, test } from "vitest";
import { newTasks, secretChanges, upgradeChanges } from "../../../../cli/delivery/upgrade/changes.ts";
import { isOwn } from "../../../../cli/delivery/upgrade/own-files.ts";
import { upgradeText } from "../../../../cli/delivery/upgrade/text.ts";
import { contents } from "../../../../cli/release/contents.ts";

const release = (values: string, ...files: [path: string, content: string][]) =>
  contents(
    [["olympus.env", values] as [string, string], ...files].map(([path, content]) => ({
      path,
      content,
      mode: 0o644 as const,
    })),
  ).files.map(({ path, content, mode }) => ({ path, content, mode }));

const before = {
  stacks: {
    prod: { "hcloud_server.a": { image: "debian-12", labels: {} }, "hcloud_volume.b": {} },
    old: { x: {} },
  },
  release: {
    images: { kratos: "k:1", site: "s:1" },
    releases: { prod: [...release("A=1\nB=2\n", ["caddy/a", "1"])] },
  },
};

test("nothing differs from itself", () => {
  expect(upgradeChanges(before, before)).toEqual({
    stacks: {},
    images: [],
    releases: { prod: { values: [], files: [], services: [] } },
  });
});

test("resources, images, values and files are named, come, go or change", () => {
  const after = {
    stacks: { prod: { "hcloud_server.a": { image: "debian-13", labels: {} }, "hcloud_firewall.c": {} } },
    release: {
      images: { kratos: "k:2", site: "s:1" },
      releases: { prod: [...release("A=2\n", ["caddy/b", "1"])] },
    },
  };
  expect(upgradeChanges(before, after)).toEqual({
    stacks: { old: ["- x"], prod: ["+ hcloud_firewall.c", "~ hcloud_server.a: image", "- hcloud_volume.b"] },
    images: ["kratos: k:1 -> k:2"],
    releases: {
      prod: { values: ["A: 1 -> 2", "B: 2 -> (none)"], files: ["- caddy/a", "+ caddy/b"], services: [] },
    },
  });
});

test("a version whose release cannot be asked says its stacks", () => {
  const changes = upgradeChanges(before, { stacks: before.stacks });
  expect(changes).toEqual({ stacks: {}, images: [] });
  const report = { version: "a".repeat(40), conflicts: [], tasks: [], secrets: [], migrations: [], changes };
  expect(upgradeText("v9", report)).toContain("cannot be asked of that version");
});

test("secrets come, go and change", () => {
  const [was, is] = ["- { key: A, pattern: x }\n- { key: B }\n", "- { key: A, pattern: y }\n- { key: C }\n"];
  expect(secretChanges(was, is)).toEqual(["~ A: pattern", "- B", "+ C"]);
  expect(secretChanges(was, was)).toEqual([]);
  for (const text of ["- {", "key: A", "- 1"]) expect(() => secretChanges(was, text)).toThrow("list of keys");
});

test("only what is new and asks for something is to do", () => {
  const was = "# C\n\n- Old.\n- **Do** the\n  old thing.\n";
  const is = "# C\n\n- New.\n- **Do** the new\n  thing.\n\n- **Do** the old thing.\n";
  expect(newTasks(was, is)).toEqual(["- **Do** the new thing."]);
  expect(newTasks(is, is)).toEqual([]);
});

test.each([
  ["config/base.ts", true],
  ["config/qa.ts", true],
  ["config/csr/acme.com.csr", true],
  ["config/images.lock.json", true],
  ["secrets/prod.yaml", true],
  [".github/workflows/pr.yml", true],
  ["config/images.ts", false],
  ["config/index.ts", false],
  ["config/load/names.ts", false],
  ["secrets/secret-keys.ts", false],
  ["host/release/compose.yaml", false],
])("%s is the team's own: %s", (file, own) => {
  expect(isOwn(file)).toBe(own);
});
