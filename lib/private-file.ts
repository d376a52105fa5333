import { statSync } from "node:fs";
import { Failure } from "./failure.ts";

/** Throws a {@link Failure} when others than this user can read or change the file. */
export function requirePrivate(file: string): void {
  const { mode, uid } = statSync(file);
  if (process.getuid && uid !== process.getuid())
    throw new Failure(`${file} belongs to another user. Nothing was done.\nMake a copy of your own.`);
  if ((mode & 0o077) === 0) return;
  const shown = (mode & 0o777).toString(8).padStart(4, "0");
  throw new Failure(
    `${file} has mode ${shown}: others on this machine can read or change it. Nothing was done.\nRun: chmod 600 "${file}"`,
  );
}
