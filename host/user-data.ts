import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fill } from "./slots.ts";

const BOOTSTRAP = join("host", "bootstrap");

/**
 * The cloud-config a machine boots from, small and the same everywhere. It holds no secret and nothing tunable.
 *
 * @param volumeId id of the data volume, or the Terraform reference that becomes it
 */
export function renderUserData(volumeId: string): string {
  const text = readFileSync(join(BOOTSTRAP, "cloud-config.yaml"), "utf8");
  // A JSON string is a YAML scalar: no indenting by hand.
  const whole = text.replaceAll(/\{\{file ([\w.-]+)\}\}/g, (_, name: string) =>
    JSON.stringify(readFileSync(join(BOOTSTRAP, name), "utf8")),
  );
  const escaped = whole.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
  return fill(BOOTSTRAP, escaped, { "volume id": volumeId });
}
