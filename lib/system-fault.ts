import { installCommand, isTool } from "./machine-tools.ts";

const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "it is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full for this user",
};

/** A program that is not installed, with what installs it. */
export const missingProgram = (name: string): string =>
  isTool(name)
    ? `${name} is not installed. On Debian and Ubuntu: sudo ${installCommand([name])}`
    : `${name} is not installed, or not in PATH: ./olympus doctor lists what this computer lacks.`;

/** What the operating system refused, as a line with what to do; undefined where an error is of another kind. */
export function systemFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", syscall = "", path, cause } = error as NodeJS.ErrnoException;
  const program = code === "ENOENT" ? /^spawn (\S+)/.exec(syscall)?.[1] : undefined;
  if (program) return missingProgram(program);
  const why = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  if (why)
    return `${path ?? (syscall || error.message)}: ${why}. Set HOME, TMPDIR or OLYMPUS_CACHE_DIR to a folder that you may write and that has room, then run the same command again.`;
  return cause === undefined ? undefined : systemFault(cause);
}
