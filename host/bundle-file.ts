/** One file of a release. */
export interface BundleFile {
  /** From the root of the release. */
  readonly path: string;
  readonly content: string;
  /** Scripts may be run, everything else may be read. */
  readonly mode: 0o755 | 0o644;
}
