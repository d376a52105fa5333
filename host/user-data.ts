import { BOOTSTRAP, cloudConfig } from "./bootstrap.ts";
import { fillSlots } from "./template-slots.ts";

/**
 * The cloud-config a machine boots from, small and the same everywhere. It holds no secret and nothing tunable. Terraform's
 * own signs are escaped.
 *
 * @param volumeId id of the data volume, or the Terraform reference that becomes it
 */
export const renderUserData = (volumeId: string): string =>
  fillSlots(
    BOOTSTRAP,
    cloudConfig().replaceAll(/[$%](?=\{)/g, (sign) => sign + sign),
    { "volume id": volumeId },
  );
