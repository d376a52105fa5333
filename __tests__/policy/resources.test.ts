import { describe, expect, it } from "vitest";
import { interpolation, stackOf, withResource } from "../../policy/examples.ts";
import { portRange } from "../../policy/firewall-rules.ts";
import { each, isExpression, isWrong, list, resources, show, text, when } from "../../policy/resources.ts";
import { fieldsOf } from "../../policy/rulesets.ts";

const computed = interpolation("hcloud_server.server.id");

describe("expressions", () => {
  it.each([computed, `a ${computed} b`, "%{ if a }b%{ endif }"])("knows %s", (value) => {
    expect(isExpression(value)).toBe(true);
    expect(text(value)).toBeUndefined();
    expect(isWrong(value, () => false)).toBe(false);
  });

  it.each(["plain", `$${computed}`, "%%{ if a }", "100 %", "$5"])("takes %s as it stands", (value) => {
    expect(isExpression(value)).toBe(false);
    expect(text(value)).toBe(value);
  });
});

describe("resources", () => {
  const subject = stackOf({ resource: { hcloud_server: { a: { name: "a" } }, hcloud_volume: { b: {} } } });

  it("finds those of a type, with the path to each", () => {
    expect(resources(subject, "hcloud_server")).toEqual([
      {
        stack: "prod",
        type: "hcloud_server",
        id: "a",
        path: "resource.hcloud_server.a",
        body: { name: "a" },
      },
    ]);
  });

  it("finds those of a family", () => {
    expect(resources(subject, "hcloud_*").map(({ id }) => id)).toEqual(["a", "b"]);
    expect(resources(subject, "hcloud")).toEqual([]);
  });
});

it("puts the path of the attribute behind the path of the resource", () => {
  const check = each("hcloud_server", ({ name }) => when(name === "a", "name", show(name)));
  expect(check([withResource("hcloud_server", { name: "a" })])).toEqual([
    { stack: "prod", path: "resource.hcloud_server.example.name", found: '"a"' },
  ]);
});

it("takes a block as a list or alone", () => {
  expect([list([{ a: 1 }]), list({ a: 1 }), list(undefined)]).toEqual([[{ a: 1 }], [{ a: 1 }], []]);
});

it("cuts what is long", () => {
  expect(show("x".repeat(200))).toHaveLength(80);
});

it("reads ports as Hetzner writes them", () => {
  expect(["22", "8000-8080", "any", "ssh", ""].map(portRange)).toEqual([
    [22, 22],
    [8000, 8080],
    [1, 65_535],
    undefined,
    undefined,
  ]);
});

it("reads the fields of an expression, and no quoted text", () => {
  expect(
    fieldsOf(
      '(http.host eq "ip.src") and starts_with(http.request.uri.path, "/a") and ip.src in {192.0.2.1}',
    ),
  ).toEqual(["http.host", "http.request.uri.path", "ip.src"]);
});
