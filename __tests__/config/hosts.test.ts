import fc from "fast-check";
import { expect, test } from "vitest";
import { publicHosts, zoneOf } from "../../config/load/hosts.ts";

test("the names that the team has registered do not change", () => {
  expect(publicHosts("your-app.com", "your-app.com").ciam).toBe("ciam.your-app.com");
  expect(publicHosts("staging.your-app.com", "your-app.com").ciam).toBe("staging-ciam.your-app.com");
});

test("every host is exactly one label below the zone, and no two environments share one", () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/);
  fc.assert(
    fc.property(label, label, (name, apex) => {
      const zone = `${apex}.com`;
      const [own, sub] = [publicHosts(zone, zone), publicHosts(`${name}.${zone}`, zone)];
      for (const host of [...Object.values(own), ...Object.values(sub)]) {
        expect(host.endsWith(`.${zone}`)).toBe(true);
        expect(host.slice(0, -zone.length - 1)).not.toContain(".");
      }
      expect(new Set([...Object.values(own), ...Object.values(sub)]).size).toBe(18);
    }),
  );
});

test("the longest zone that holds a domain wins, deeper ones hold nothing", () => {
  expect(zoneOf("staging.your-app.com", ["your-app.com", "staging.your-app.com"])).toBe(
    "staging.your-app.com",
  );
  expect(zoneOf("staging.your-app.com", ["your-app.com"])).toBe("your-app.com");
  expect(zoneOf("a.staging.your-app.com", ["your-app.com"])).toBeUndefined();
  expect(zoneOf("notyour-app.com", ["your-app.com"])).toBeUndefined();
});
