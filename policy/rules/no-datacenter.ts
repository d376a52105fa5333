import { withResource } from "../examples.ts";
import { each, object, show, when } from "../resources.ts";
import type { Rule, Subject, Violation } from "../rule.ts";

const attributes = each("hcloud_*", ({ datacenter }) =>
  when(datacenter !== undefined, "datacenter", `${show(datacenter)}`),
);

const dataSources = ({ stack, document }: Subject): Violation[] =>
  ["hcloud_datacenter", "hcloud_datacenters"]
    .filter((type) => type in object(object(document).data))
    .map((type) => ({ stack, path: `data.${type}`, found: "a data source that Hetzner answers with 410" }));

export const rule: Rule = {
  id: "no-datacenter",
  reason:
    "Hetzner removed datacenter in July 2026: the provider refuses any value, and the data sources will follow.",
  remedy: "Name a location instead.",
  check: (subjects) => [...attributes(subjects), ...subjects.flatMap(dataSources)],
  passing: [withResource("hcloud_server", { location: "fsn1" })],
  failing: [withResource("hcloud_server", { datacenter: "fsn1-dc14" })],
};
