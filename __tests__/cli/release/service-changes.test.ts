import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contents, environmentContents } from "../../../cli/release/contents.ts";
import { servedOf } from "../../../cli/release/served.ts";
import { serviceChanges, serviceLines, touchesData } from "../../../cli/release/service-changes.ts";
import { prodEnvironment } from "../../secrets/values.ts";

const files = environmentContents(prodEnvironment).files.filter(({ path }) => path !== "SHA256SUMS");
const before = servedOf(contents(files));

/** The shipped release with one text of one file replaced. */
function changed(path: string, from: string | RegExp, to: string) {
  const edited = files.map((file) =>
    file.path === path ? { ...file, content: file.content.replace(from, to) } : file,
  );
  expect(edited).not.toEqual(files);
  return servedOf(contents(edited));
}
const effects = (after: typeof before): string[] =>
  serviceChanges(before, after).map(({ service, effect }) => `${service} ${effect}`);

describe("what a release does to each service", () => {
  test("is nothing where nothing differs", () => {
    expect(effects(before)).toEqual([]);
    expect(touchesData(before, before)).toBe(false);
  });

  test.each<
    [what: string, path: string, from: string | RegExp, to: string, effects: string[], data: boolean]
  >([
    ["a rate limit", "olympus.env", /(RATE_LIMIT_LOGIN_EVENTS)=.*/, "$1=7", ["caddy reloaded"], false],
    [
      "the sender's name",
      "olympus.env",
      /(EMAIL_FROM_NAME)=.*/,
      "$1=Other",
      ["ciam-kratos replaced", "iam-kratos replaced"],
      false,
    ],
    ["Caddy's configuration", "caddy/sites.caddy", "https", "https://x", ["caddy reloaded"], false],
    ["Caddy's image", "images.env", /(IMAGE_CADDY)=.*/, "$1=other", ["caddy replaced"], false],
    [
      "the configuration of one Kratos",
      "kratos/iam/kratos.yml",
      "serve:",
      "serve: # x",
      ["iam-kratos replaced"],
      false,
    ],
    [
      "the image of Kratos",
      "images.env",
      /(IMAGE_KRATOS)=.*/,
      "$1=other",
      [
        ...["ciam-kratos replaced", "ciam-kratos-migrate migrated"],
        ...["iam-kratos replaced", "iam-kratos-migrate migrated"],
      ],
      true,
    ],
    ["Postgres' settings", "postgres/server/postgresql.conf", "\n", "\n# x\n", ["postgres restarted"], true],
    ["a script that is run in Postgres", "postgres/databases.sql", "\n", "\n-- x\n", [], true],
    [
      "whom alerts go to",
      "olympus.env",
      /(ALERT_EMAIL)=.*/,
      "$1=a@b.example",
      ["alertmanager replaced"],
      false,
    ],
    ["a secret's place", "secrets/site.env", "\n", "\n\n", ["site replaced"], false],
    [
      "memory of one service",
      "compose.edge.yaml",
      "mem_limit: 320m",
      "mem_limit: 321m",
      ["pgadmin replaced"],
      false,
    ],
    ["a program of the machine", "bin/olympus-health", "\n", "\n#\n", [], false],
  ])("%s", (_, path, from, to, expected, data) => {
    const after = changed(path, from, to);
    expect(effects(after)).toEqual(expected);
    expect(touchesData(before, after)).toBe(data);
  });

  test("is said with its reason, and how many are not touched", () => {
    const lines = serviceLines(before, changed("olympus.env", /(RATE_LIMIT_LOGIN_EVENTS)=.*/, "$1=7"));
    expect(lines).toEqual([
      "caddy is reloaded: RATE_LIMIT_LOGIN_EVENTS",
      expect.stringMatching(/^1\d services are not touched$/),
    ]);
  });

  test.each([
    [
      "hydra/ciam/hydra.yml",
      "\n",
      "\n#\n",
      "ciam-hydra is replaced, visitors wait 2 to 4 s: hydra/ciam/hydra.yml",
    ],
    [
      "compose.edge.yaml",
      "site-ciam-client",
      "site-ciam-other",
      "site is replaced, visitors wait less than a second: its compose file",
    ],
    [
      "postgres/server/postgresql.conf",
      "\n",
      "\n#\n",
      "postgres is restarted, everybody waits some 3 s: postgres/server/postgresql.conf",
    ],
    [
      "compose.edge.yaml",
      "mem_limit: 320m",
      "mem_limit: 321m",
      "pgadmin is replaced, away for some seconds: its compose file",
    ],
    [
      "compose.edge.yaml",
      "mem_limit: 192m",
      "mem_limit: 191m",
      "caddy is replaced, new connections wait 1 to 3 s: its compose file",
    ],
  ])("says who waits for it, and how long: %s, %j", (path, from, to, line) => {
    expect(serviceLines(before, changed(path, from, to))[0]).toBe(line);
  });

  test("says that visitors wait for what the machine holds them at, and for nothing else", () => {
    const list = (file: string, name: string): string[] =>
      new RegExp(`${name}=\\((.*)\\)`)
        .exec(readFileSync(`host/release/bin/${file}`, "utf8"))?.[1]
        ?.split(" ") ?? [];
    const all = [...before.services.keys()].filter((name) => !name.endsWith("-migrate"));
    const other = {
      ...before,
      services: new Map(all.map((name) => [name, `${before.services.get(name)} `])),
    };
    const said = (words: string): (string | undefined)[] =>
      serviceLines(before, other)
        .filter((line) => line.includes(words))
        .map((line) => line.split(" ")[0])
        .sort();
    expect(said("visitors wait 2 to 4 s")).toEqual(list("olympus-lib", "ORY").sort());
    expect(said("visitors wait less than a second")).toEqual(list("olympus-replace-lib", "PAGES").sort());
  });

  test("a mail sandbox comes and goes with its value", () => {
    const on = changed("olympus.env", "MAIL_SANDBOX=0", "MAIL_SANDBOX=1");
    expect(effects(on)).toContain("mailpit made");
    expect(serviceChanges(on, before)).toContainEqual({ service: "mailpit", effect: "removed", because: [] });
  });

  test("a machine that does not say what it serves is backed up first", () => {
    const nothing = servedOf({ files: [] });
    expect(touchesData(nothing, before)).toBe(true);
  });
});
