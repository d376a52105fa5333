import { tmpdir } from "node:os";
import { App } from "cdktf";
import { declare } from "../../stacks/program.ts";
import { fixtureFleet } from "./fleet/fleet.ts";

type Body = Record<string, unknown>;
export interface StackJson extends Body {
  resource: Record<string, Record<string, Body>>;
  output: Record<string, { value: unknown }>;
  variable: Record<string, { sensitive?: boolean; default?: unknown }>;
}

/** Every stack of the shipped fleet, as it would be written, by its name. */
export function synthesized(): Record<string, StackJson> {
  const app = new App({ outdir: tmpdir() });
  declare(app, fixtureFleet());
  return Object.fromEntries(
    app.node.children.flatMap((child) =>
      "toTerraform" in child ? [[child.node.id, (child as { toTerraform(): StackJson }).toTerraform()]] : [],
    ),
  );
}

/** Type -> ids: what a reviewer can read in a diff. */
export const inventory = ({ resource }: StackJson): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(resource)
      .sort()
      .map(([type, bodies]) => [type, Object.keys(bodies).sort()]),
  );
