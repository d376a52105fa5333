import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelSelector } from "../label-selector.ts";
import { emulator, volume } from "./client.ts";

describe("label selectors", () => {
  const labels = { env: "staging", role: "host", empty: "" };
  it.each([
    ["env", true],
    ["!env", false],
    ["absent", false],
    ["!absent", true],
    ["env=staging", true],
    ["env==prod", false],
    ["env!=prod", true],
    ["env!=staging", false],
    ["absent!=x", true],
    ["env in (prod, staging)", true],
    ["env notin (prod,staging)", false],
    ["env=staging,role=host", true],
    ["env=staging,role!=host", false],
    ["role in (a,host),!absent", true],
    ["empty=", true],
  ])("%s is %s", (selector, selects) => expect(labelSelector(selector)(labels)).toBe(selects));

  it.each(["env=", "=x", "env in prod", "env>1", "a b", ","])("refuses or never selects '%s'", (selector) => {
    const select = () => labelSelector(selector)(labels);
    if (selector === "env=") expect(select()).toBe(false);
    else expect(select).toThrow("label_selector");
  });

  it("agrees with equality on any valid value", () => {
    const value = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?$/);
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(labelSelector(`k=${a}`)({ k: b })).toBe(a === b);
        expect(labelSelector(`k!=${a}`)({ k: b })).toBe(a !== b);
      }),
    );
  });
});

describe("lists", () => {
  const filled = async (count: number) => {
    const { staging } = emulator();
    for (let i = 1; i <= count; i++) {
      await staging("POST", "/volumes", { ...volume, name: `v${i}`, labels: { odd: String(i % 2 === 1) } });
    }
    return staging;
  };

  it("cut to 25 a page by default and say where the rest is", async () => {
    const staging = await filled(27);
    const first = (await staging("GET", "/volumes")).json;
    expect(first.volumes).toHaveLength(25);
    const ends = {
      page: 1,
      per_page: 25,
      previous_page: null,
      next_page: 2,
      last_page: 2,
      total_entries: 27,
    };
    expect(first.meta.pagination).toEqual(ends);
    const second = (await staging("GET", "/volumes?page=2")).json;
    expect(second.volumes.map((v: { name: string }) => v.name)).toEqual(["v26", "v27"]);
    expect(second.meta.pagination).toMatchObject({ previous_page: 1, next_page: null });
  });

  it("never show more than 50 a page and refuse a page 0", async () => {
    const staging = await filled(1);
    expect((await staging("GET", "/volumes?per_page=500")).json.meta.pagination.per_page).toBe(50);
    expect((await staging("GET", "/volumes?page=0")).json.error.code).toBe("invalid_input");
  });

  it("filter by name and by label, and sort", async () => {
    const staging = await filled(3);
    const names = async (query: string) =>
      (await staging("GET", `/volumes?${query}`)).json.volumes.map((v: { name: string }) => v.name);
    expect(await names("name=v2")).toEqual(["v2"]);
    expect(await names("label_selector=odd%3Dtrue")).toEqual(["v1", "v3"]);
    expect(await names("sort=name:desc")).toEqual(["v3", "v2", "v1"]);
    expect((await staging("GET", "/volumes?label_selector=a%20b")).status).toBe(422);
  });

  it("find an image for each architecture", async () => {
    const { staging } = emulator();
    for (const architecture of ["arm", "x86"]) {
      const { images } = (await staging("GET", `/images?name=debian-13&architecture=${architecture}`)).json;
      expect(images).toMatchObject([{ name: "debian-13", architecture }]);
    }
  });
});
