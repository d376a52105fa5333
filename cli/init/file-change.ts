/** A file as it is to be. */
export interface FileChange {
  readonly file: string;
  /** Undefined where it goes away. */
  readonly text: string | undefined;
  readonly mode: number;
  /** Of a key: its content is shown nowhere. */
  readonly isPrivate: boolean;
}

/** A file that everybody may read. */
export const publicFile = (file: string, text: string | undefined): FileChange => ({
  file,
  text,
  mode: 0o644,
  isPrivate: false,
});

/** A private key: for its owner alone. */
export const privateFile = (file: string, text: string): FileChange => ({
  file,
  text,
  mode: 0o600,
  isPrivate: true,
});
