import type { BundleFile } from "../../host/bundle-file.ts";

/** One thing done to the machine. */
export interface Step {
  readonly name: string;
  readonly does: string;
  /** Shell text, run as root on the machine. */
  readonly command: string;
  /** What the command reads: the release as a tar stream. */
  readonly input?: readonly BundleFile[];
  /** Milliseconds that the command may take, where two minutes are too few. */
  readonly limit?: number;
  /** The command only looks; it is repeated until it says that this release is healthy. */
  readonly awaits?: string;
}
