/** A person or a team. */
export interface GithubAccount {
  readonly id: number;
  /** A login, or the slug of a team. */
  readonly name: string;
}

/** What a login may do at the repository. */
export type RepositoryRight = "admin" | "write" | "read";

export interface GithubOptions {
  /** `owner/name`. */
  readonly repository: string;
  readonly isPrivate: boolean;
  /** Of the owner: what a private repository may have depends on it. */
  readonly plan: "free" | "team" | "enterprise";
  /** Tokens, and what whoever holds one may do. */
  readonly tokens: Readonly<Record<string, RepositoryRight>>;
  readonly users: readonly GithubAccount[];
  readonly teams: readonly GithubAccount[];
}
