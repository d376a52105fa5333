import {
  backupEndpoint,
  destroyable,
  hostTypeOverride,
  imageLockOverride,
  type NamedValue,
  requestDirectoryOverride,
  restorable,
  runVariablesSet,
} from "../../lib/process-env.ts";
import type { Problem } from "./problems.ts";
import type { MirrorOverlay } from "./schema.ts";

/** What holds for one run and stands in no file. */
export interface RunOverrides {
  /** Name of the one environment whose volume and addresses Terraform may destroy. */
  readonly destroyable?: string | undefined;
  /** Name of the one environment whose data a restore may replace. */
  readonly restorable?: string | undefined;
  /** Another type for one non-production environment's server, such as `staging=cpx32`: one of its own extras.fallbackTypes. */
  readonly hostType?: string | undefined;
  /** Where backups go instead of the configured store. */
  readonly backupEndpoint?: NamedValue | undefined;
  readonly requestDirectory?: NamedValue | undefined;
  readonly imageLock?: NamedValue | undefined;
}

let isSaid = false;

/** As the process environment says. What is set is said once, on stderr: a variable may be left over from another day. */
export function currentRunOverrides(): RunOverrides {
  const set = runVariablesSet();
  if (set.length && !isSaid) process.stderr.write(`for this run: ${set.join(" ")}\n`);
  isSaid = true;
  return {
    destroyable: destroyable(),
    restorable: restorable(),
    hostType: hostTypeOverride(),
    backupEndpoint: backupEndpoint(),
    requestDirectory: requestDirectoryOverride(),
    imageLock: imageLockOverride(),
  };
}

/** Overlays by name, in the order of their declaration. A list: an object would keep one of two that share a name. */
export type NamedOverlays = readonly (readonly [name: string, overlay: MirrorOverlay])[];

/** The overlays with what the run changes in them. Problems are {@link runProblems}' to find. */
export const withHostType = ({ hostType }: RunOverrides, overlays: NamedOverlays): NamedOverlays =>
  overlays.map(([name, overlay]) => {
    const type = overlay.extras?.fallbackTypes?.find((candidate) => hostType === `${name}=${candidate}`);
    return [name, type ? { ...overlay, hostType: type } : overlay];
  });

/** Variables that hold for every environment of a run, and so name every one: a left-over value names nothing. */
const FOR_ALL = [
  {
    variable: "OLYMPUS_BACKUP_ENDPOINT",
    of: (run: RunOverrides) => run.backupEndpoint,
    form: /^https?:\/\/[^\s/@]+$/,
    shown: "<http or https URL without a path>",
  },
  {
    variable: "OLYMPUS_CSR_DIR",
    of: (run: RunOverrides) => run.requestDirectory,
    form: /^[^\n]+$/,
    shown: "<folder of certificate requests>",
  },
  {
    variable: "OLYMPUS_IMAGE_LOCK",
    of: (run: RunOverrides) => run.imageLock,
    form: /^[^\n]+$/,
    shown: "<file of digests>",
  },
];

/** What is wrong with the variables of one run. `overlays`: those of the environments whose own file is sound. */
export function runProblems(run: RunOverrides, names: readonly string[], overlays: NamedOverlays): Problem[] {
  const types = overlays.flatMap(
    ([name, { extras }]) => extras?.fallbackTypes?.map((type) => `${name}=${type}`) ?? [],
  );
  return [
    ...unless(
      names,
      run.destroyable,
      "OLYMPUS_ALLOW_DESTROY",
      "name the one environment whose volume and addresses may be destroyed",
    ),
    ...unless(
      names,
      run.restorable,
      "OLYMPUS_ALLOW_RESTORE",
      "name the one environment whose data a restore may replace",
    ),
    ...unless(
      types,
      run.hostType,
      "OLYMPUS_HOST_TYPE",
      "name a non-production environment and one of its extras.fallbackTypes, as `olympus wake` does",
    ),
    ...FOR_ALL.flatMap(({ variable, of, form, shown }) => {
      const given = of(run);
      if (!given) return [];
      const { environments, value } = given;
      const isNamed =
        environments.length === names.length && names.every((name) => environments.includes(name));
      return isNamed && form.test(value)
        ? []
        : [
            {
              file: "environment",
              path: variable,
              value: JSON.stringify(environments.length ? `${environments.join(",")}=${value}` : value),
              allowed: `${names.join(",")}=${shown}: it changes every environment, and names each`,
              remedy: `unset ${variable}, which may be left over, or name every environment`,
            },
          ];
    }),
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
