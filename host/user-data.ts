import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillSlots } from "./template-slots.ts";

const BOOTSTRAP = join("host", "bootstrap");

let template: string | undefined;

/** The cloud-config with its files in it, Terraform's own signs escaped. Read once. */
function bootstrap(): string {
  template ??= readFileSync(join(BOOTSTRAP, "cloud-config.yaml"), "utf8")
    // A JSON string is a YAML scalar: no indenting by hand.
    .replaceAll(/\{\{file ([\w.-]+)\}\}/g, (_, name: string) =>
      JSON.stringify(readFileSync(join(BOOTSTRAP, name), "utf8")),
    )
    .replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
  return template;
}

/**
 * The cloud-config a machine boots from, small and the same everywhere. It holds no secret and nothing tunable.
 *
 * @param volumeId id of the data volume, or the Terraform reference that becomes it
 */
export const renderUserData = (volumeId: string): string =>
  fillSlots(BOOTSTRAP, bootstrap(), { "volume id": volumeId });
