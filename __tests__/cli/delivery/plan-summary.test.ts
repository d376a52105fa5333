import { describe, expect, test } from "vitest";
import { hasChanges, summarise } from "../../../cli/shared/plan/summary.ts";
import { planAsText } from "../../../cli/shared/plan/text.ts";
import { plannedResource, terraformPlanText, terraformPlanWith } from "./plan-fixture.ts";

const volume = { id: "1", size: 20, delete_protection: true, labels: { environment: "staging" } };
const summaryOf = (...changes: readonly object[]) => summarise("staging", terraformPlanText(...changes));
const replaced = (address: string, before: object, after: object, paths: string[][] = []) =>
  plannedResource(address, {
    actions: ["delete", "create"],
    before: { ...before },
    after: { ...after },
    replace_paths: paths,
  });

describe("what a plan does", () => {
  test("nothing: no changes, whatever the refresh found of no consequence", () => {
    const unchanged = plannedResource("hcloud_volume.data", {
      actions: ["no-op"],
      before: volume,
      after: volume,
    });
    const drift = plannedResource("hcloud_volume.data", {
      actions: ["update"],
      before: { ...volume, server_id: null },
      after: volume,
    });
    const summary = summarise(
      "staging",
      terraformPlanWith({ resource_changes: [unchanged], resource_drift: [drift] }),
    );
    expect(hasChanges(summary)).toBe(false);
    expect(planAsText(summary)).toBe("staging: no changes");
  });

  test("a create names the resource and none of its values", () => {
    const summary = summaryOf(plannedResource("hcloud_volume.data", { actions: ["create"], after: volume }));
    expect(summary.changes).toEqual([
      { address: "hcloud_volume.data", action: "create", outside: false, attributes: [] },
    ]);
    expect(summary.stateful).toEqual([]);
  });

  test("an update names the attribute, and drift is told from a changed configuration", () => {
    const change = (after: object) =>
      plannedResource("hcloud_volume.data", {
        actions: ["update"],
        before: volume,
        after: { ...volume, ...after },
      });
    const drift = plannedResource("hcloud_volume.data", {
      actions: ["update"],
      before: volume,
      after: { ...volume, labels: { environment: "other" } },
    });
    const changed = change({ size: 40, labels: { environment: "prod" } });
    const { changes } = summarise(
      "staging",
      terraformPlanWith({ resource_changes: [changed], resource_drift: [drift] }),
    );
    expect(changes[0]?.attributes).toEqual([
      { path: "size", before: "20", after: "40", outside: false, forcesReplacement: false },
      {
        path: "labels.environment",
        before: '"staging"',
        after: '"prod"',
        outside: true,
        forcesReplacement: false,
      },
    ]);
  });

  test("what is gone outside Terraform says so", () => {
    const created = plannedResource("hcloud_ssh_key.a", { actions: ["create"], after: { name: "a" } });
    const gone = plannedResource("hcloud_ssh_key.a", { actions: ["delete"], before: { name: "a" } });
    const { changes } = summarise(
      "staging",
      terraformPlanWith({ resource_changes: [created], resource_drift: [gone] }),
    );
    expect(changes[0]?.outside).toBe(true);
  });

  test("a value known later is shown where the configuration sets it, and is noise where it does not", () => {
    const record = plannedResource("cloudflare_dns_record.a", {
      actions: ["update"],
      before: { content: "198.18.0.1", modified_on: "yesterday" },
      after: {},
      after_unknown: { content: true, modified_on: true },
    });
    const resources = [{ address: "cloudflare_dns_record.a", expressions: { content: {} } }];
    const summary = summarise(
      "staging",
      terraformPlanWith({ resource_changes: [record], configuration: { root_module: { resources } } }),
    );
    expect(summary.changes[0]?.attributes.map(({ path, after }) => [path, after])).toEqual([
      ["content", "(known after apply)"],
    ]);
  });

  test("outputs, moves, imports and forgotten resources are changes too", () => {
    const summary = summarise(
      "staging",
      terraformPlanWith({
        resource_changes: [
          plannedResource("hcloud_volume.b", { actions: ["no-op"] }, { previous_address: "hcloud_volume.a" }),
          plannedResource("hcloud_volume.c", { actions: ["no-op"], importing: { id: "1" } }),
          plannedResource("hcloud_volume.d", { actions: ["forget"], before: volume }),
        ],
        output_changes: { urls: { actions: ["update"], before: {}, after: {} } },
      }),
    );
    expect(summary.changes.map(({ action }) => action)).toEqual(["move", "import", "forget"]);
    expect(summary.outputs).toEqual([{ name: "urls", action: "update" }]);
  });

  test("a state that holds nothing is said to", () => {
    // Terraform 1.11 puts the outputs that it knows before anything is made beside an empty module.
    const outputs = { urls: { sensitive: false, value: {} } };
    for (const prior_state of [undefined, {}, { values: { outputs, root_module: {} } }])
      expect(summarise("staging", terraformPlanWith({ prior_state })).isFirst).toBe(true);
    expect(summarise("staging", terraformPlanWith({})).isFirst).toBe(false);
  });
});

describe("what is stateful", () => {
  test("replacing or destroying a volume is a loss", () => {
    const smaller = replaced("hcloud_volume.data", volume, { ...volume, location: "nbg1" }, [["location"]]);
    const { stateful, changes } = summaryOf(smaller);
    expect(stateful).toMatchObject([{ address: "hcloud_volume.data", action: "replace", kind: "loss" }]);
    expect(changes[0]?.attributes).toMatchObject([{ path: "location", forcesReplacement: true }]);
    const gone = plannedResource("hcloud_volume.data", { actions: ["delete"], before: volume });
    expect(summaryOf(gone).stateful).toMatchObject([{ action: "destroy", kind: "loss" }]);
  });

  test("a server replaced by its user_data is an outage", () => {
    const server = replaced("hcloud_server.server", { user_data: "a" }, { user_data: "b" }, [["user_data"]]);
    expect(summaryOf(server).stateful).toMatchObject([{ action: "replace", kind: "outage" }]);
  });

  test("replacing or destroying a public record is an outage, whichever comes first", () => {
    const name = "cloudflare_dns_record.dns-ciam-a";
    for (const actions of [["delete", "create"], ["create", "delete"], ["delete"]])
      expect(summaryOf(plannedResource(name, { actions, before: {}, after: {} })).stateful).toMatchObject([
        { address: name, action: actions.length === 2 ? "replace" : "destroy", kind: "outage" },
      ]);
  });

  test("another server type is an outage: the machine is off for it", () => {
    const type = (server_type: string) => ({ server_type, user_data: "a" });
    const change = { actions: ["update"], before: type("cax11"), after: type("cax21") };
    const summary = summaryOf(plannedResource("hcloud_server.server[0]", change));
    expect(summary.stateful).toMatchObject([{ action: "update", kind: "outage" }]);
    expect(planAsText(summary)).toContain(
      "! outage: update hcloud_server.server[0]. The machine is off while it changes from cax11 to cax21",
    );
    const renamed = plannedResource("hcloud_server.server[0]", { ...change, after: type("cax11") });
    expect(summaryOf(renamed).stateful).toEqual([]);
  });

  test("a smaller volume is refused, a larger one is not", () => {
    const sized = (after: number) =>
      summaryOf(
        plannedResource("hcloud_volume.data", {
          actions: ["update"],
          before: volume,
          after: { ...volume, size: after },
        }),
      ).stateful;
    expect(sized(10)).toMatchObject([{ action: "update", kind: "refused" }]);
    expect(sized(10)[0]?.meaning).toContain("set volumeGb back to 20");
    expect(sized(40)).toEqual([]);
  });

  test("a certificate that is made because the old one is gone is an outage", () => {
    const address = "cloudflare_origin_ca_certificate.origin";
    const created = plannedResource(address, { actions: ["create"], after: {} });
    const gone = plannedResource(address, { actions: ["delete"], before: {} });
    const planned = { resource_changes: [created], resource_drift: [gone] };
    expect(summarise("staging", terraformPlanWith(planned)).stateful).toMatchObject([
      { action: "create", kind: "outage" },
    ]);
    expect(summaryOf(created).stateful).toEqual([]);
  });

  test("lifting a protection is told, setting one is not", () => {
    const update = (from: boolean, to: boolean) =>
      plannedResource("hcloud_primary_ip.a", {
        actions: ["update"],
        before: { delete_protection: from },
        after: { delete_protection: to },
      });
    expect(summaryOf(update(true, false)).stateful).toMatchObject([
      { action: "unprotect", kind: "exposure" },
    ]);
    expect(summaryOf(update(false, true)).stateful).toEqual([]);
  });
});
