import { destroyable, hostTypeOverride } from "../../lib/process-env.ts";
import type { Problem } from "./problems.ts";
import type { MirrorOverlay } from "./schema.ts";

/** What holds for one run and stands in no file. */
export interface RunOverrides {
  /** Name of the one environment whose volume and addresses Terraform may destroy. */
  readonly destroyable?: string | undefined;
  /** Another type for one non-production environment's server, such as `staging=cax21`: one of its own extras.fallbackTypes. */
  readonly hostType?: string | undefined;
}

/** As the process environment says. */
export const currentRunOverrides = (): RunOverrides => ({
  destroyable: destroyable(),
  hostType: hostTypeOverride(),
});

type Overlays = Readonly<Record<string, MirrorOverlay>>;

/** The overlays with what the run changes in them. Problems are {@link runProblems}' to find. */
export const withHostType = ({ hostType }: RunOverrides, overlays: Overlays): Overlays =>
  Object.fromEntries(
    Object.entries(overlays).map(([name, overlay]) => {
      const type = overlay.extras?.fallbackTypes?.find((candidate) => hostType === `${name}=${candidate}`);
      return [name, type ? { ...overlay, hostType: type } : overlay];
    }),
  );

export function runProblems({ destroyable, hostType }: RunOverrides, overlays: Overlays): Problem[] {
  const names = Object.keys(overlays);
  const types = names.flatMap(
    (name) => overlays[name]?.extras?.fallbackTypes?.map((type) => `${name}=${type}`) ?? [],
  );
  return [
    ...unless(
      names,
      destroyable,
      "OLYMPUS_ALLOW_DESTROY",
      "name the one environment whose volume and addresses may be destroyed",
    ),
    ...unless(
      types,
      hostType,
      "OLYMPUS_HOST_TYPE",
      "name a non-production environment and one of its extras.fallbackTypes, as `olympus wake` does",
    ),
  ];
}

const unless = (
  allowed: readonly string[],
  value: string | undefined,
  path: string,
  remedy: string,
): Problem[] =>
  value === undefined || allowed.includes(value)
    ? []
    : [
        {
          file: "environment",
          path,
          value: JSON.stringify(value),
          allowed: allowed.join(" or ") || "nothing",
          remedy,
        },
      ];
