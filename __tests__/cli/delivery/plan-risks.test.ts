import { describe, expect, test } from "vitest";
import { summarise } from "../../../cli/shared/plan/summary.ts";
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

describe("what is stateful", () => {
  test("replacing or destroying a volume is a loss", () => {
    const smaller = replaced("hcloud_volume.data", volume, { ...volume, location: "nbg1" }, [["location"]]);
    const { stateful, changes } = summaryOf(smaller);
    expect(stateful).toMatchObject([{ address: "hcloud_volume.data", action: "replace", kind: "loss" }]);
    expect(changes[0]?.attributes).toMatchObject([{ path: "location", forcesReplacement: true }]);
    const gone = plannedResource("hcloud_volume.data", { actions: ["delete"], before: volume });
    expect(summaryOf(gone).stateful).toMatchObject([{ action: "destroy", kind: "loss" }]);
  });

  test("a smaller volume is refused", () => {
    const change = { actions: ["update"], before: volume, after: { ...volume, size: 10 } };
    const [risk] = summaryOf(plannedResource("hcloud_volume.data", change)).stateful;
    expect(risk?.meaning).toContain("Hetzner makes no volume smaller (20 GB to 10 GB)");
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
