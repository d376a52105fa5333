import { accountKinds } from "./account-kinds.ts";
import type { ResourceKind } from "./kind.ts";
import { workersScript } from "./workers-script.ts";
import { zoneKinds } from "./zone-kinds.ts";

/** The resource types that the stand-in writes through to the API. */
export const resourceKinds: Readonly<Record<string, ResourceKind>> = {
  ...zoneKinds,
  ...accountKinds,
  cloudflare_workers_script: workersScript,
};
