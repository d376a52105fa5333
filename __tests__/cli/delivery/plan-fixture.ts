type Attributes = Record<string, unknown>;

interface Planned {
  readonly actions: readonly string[];
  readonly before?: Attributes | null;
  readonly after?: Attributes | null;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: unknown;
}

/** One planned resource, in the words of `terraform show -json`. */
export const plannedResource = (address: string, change: Planned, more: object = {}) => ({
  address,
  type: address.split(".")[0],
  change: { before: null, after: null, after_unknown: {}, ...change },
  ...more,
});

/** A plan of a stack that is deployed, in the words of `terraform show -json`. */
export const terraformPlanText = (...changes: readonly object[]): string =>
  terraformPlanWith({ resource_changes: changes });

export const terraformPlanWith = (parts: object): string =>
  JSON.stringify({
    format_version: "1.2",
    errored: false,
    prior_state: {
      values: { root_module: { resources: [{ address: "hcloud_volume.data", type: "hcloud_volume" }] } },
    },
    ...parts,
  });
