import { stackOf } from "../examples.ts";
import { resources, text } from "../resources.ts";
import type { Rule, Subject, Violation } from "../rule.ts";

const TYPES = ["hcloud_server", "hcloud_volume", "hcloud_primary_ip"];

function strays(subject: Subject): Violation[] {
  const placed = TYPES.flatMap((type) => resources(subject, type)).flatMap(({ path, body }) => {
    const location = text(body.location);
    return location ? [{ path, location }] : [];
  });
  const [first] = placed;
  return placed
    .filter(({ location }) => location !== first?.location)
    .map(({ path, location }) => ({
      stack: subject.stack,
      path: `${path}.location`,
      found: `${location}, while ${first?.path} is in ${first?.location}`,
    }));
}

export const rule: Rule = {
  id: "one-location",
  reason: "A volume or an address of another location can never be attached to the server.",
  remedy: "Give the server, its volume and its addresses the same location.",
  check: (subjects) => subjects.flatMap(strays),
  passing: [
    stackOf({
      resource: { hcloud_server: { s: { location: "fsn1" } }, hcloud_volume: { v: { location: "fsn1" } } },
    }),
  ],
  failing: [
    stackOf({
      resource: { hcloud_server: { s: { location: "fsn1" } }, hcloud_volume: { v: { location: "nbg1" } } },
    }),
  ],
};
