/** What the files of config/ say, before anything is believed. */
export interface ConfigSource {
  readonly base: unknown;
  /** The environment that the others are held against. */
  readonly reference: readonly [name: string, overlay: unknown];
  readonly mirrors: readonly (readonly [name: string, overlay: unknown])[];
  /** Digests of the images; absent means those of the lock file. */
  readonly imageLock?: unknown;
  /** Folder of the certificate requests; absent means that of the checkout, or of the run. */
  readonly requests?: string;
}
