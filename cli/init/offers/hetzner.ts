import { SERVER_TYPES } from "../../../config/prices.ts";
import { Failure } from "../../../lib/failure.ts";
import { namedVariable, variableNames } from "../../../lib/process-env.ts";
import { createHetznerClient } from "../../shared/hetzner.ts";

/** Server types that can be ordered in a location now, as `cpx22 (7.99 EUR)`; undefined without a token, or an answer. */
export async function orderableTypes(location: string): Promise<string[] | undefined> {
  const name = variableNames().find((variable) => variable.startsWith("HCLOUD_TOKEN"));
  if (!name) return undefined;
  try {
    const sold = await createHetznerClient(namedVariable(name) ?? "").sold(location);
    return sold
      .filter((type) => type.available && (SERVER_TYPES as string[]).includes(type.name))
      .map((type) => `${type.name} (${type.monthly} EUR)`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`  ${name} offers nothing: ${error.message}`);
    return undefined;
  }
}
