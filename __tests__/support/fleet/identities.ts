import { createHash } from "node:crypto";
import type { Base } from "../../../config/load/schema.ts";

/** A block for each environment, with a deploy key of its own that follows from its name. */
export const identities = (names: readonly string[]): Base["environments"] =>
  Object.fromEntries(
    names.map((name) => [
      name,
      {
        deployKey: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${createHash("sha512").update(name).digest("base64").replace(/=/g, "").slice(0, 43)}`,
        firstAdministrator: "admin@your-app.com",
      },
    ]),
  );
