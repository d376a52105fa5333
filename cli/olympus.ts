import { takeAccounts } from "../lib/accounts-file.ts";
import { Failure } from "../lib/failure.ts";
import { systemFault } from "../lib/system-fault.ts";
import { olympusCommand } from "./commands.ts";

olympusCommand()
  .hook("preAction", () => takeAccounts())
  .parseAsync()
  .catch((error: unknown) => {
    // By name: loading config's own class would slow every command down.
    const isReadable = error instanceof Failure || (error instanceof Error && error.name === "ConfigError");
    console.error(isReadable ? error.message : (systemFault(error) ?? error));
    process.exitCode = 1;
  });
