import { describe, expect, test } from "vitest";
import { hasChanges, summarise } from "../../../cli/shared/plan/summary.ts";
import { planAsText } from "../../../cli/shared/plan/text.ts";
import { plannedResource, terraformPlanText, terraformPlanWith } from "./plan-fixture.ts";

const volume = { id: "1", size: 20, delete_protection: true, labels: { environment: "staging" } };
const summaryOf = (...changes: readonly object[]) => summarise("staging", terraformPlanText(...changes));

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
