import type { GoProgram } from "../lib/go-program.ts";

/** What encrypts the secrets, as it is built where no package brings it. */
export const SECRET_PROGRAMS = {
  sops: { module: "github.com/getsops/sops/v3", version: "v3.13.3", main: "./cmd/sops" },
  age: { module: "filippo.io/age", version: "v1.3.2", main: "./cmd/age", versionVariable: "main.Version" },
  "age-keygen": {
    module: "filippo.io/age",
    version: "v1.3.2",
    main: "./cmd/age-keygen",
    versionVariable: "main.Version",
  },
} as const satisfies Record<string, GoProgram>;
