type Podman = (args: readonly string[]) => Promise<{ readonly all?: string | undefined }>;

/** What the programs of a login wrote in the last minute, and what Postgres does at this moment. */
export async function lastWords(podman: Podman): Promise<string> {
  const asked =
    "SELECT pid, datname, state, wait_event, xact_start, query FROM pg_stat_activity WHERE datname IS NOT NULL";
  const looks = [
    ...["iam-kratos", "iam-hydra", "iam-hera", "postgres", "caddy"].map((name) => [
      ...["logs", "--since", "1m", "--tail", "40", `olympus-${name}`],
    ]),
    ["exec", "--user", "postgres", "olympus-postgres", "psql", "-U", "postgres", "-Atc", asked],
  ];
  const said = looks.map(async (args) => {
    const { all } = await podman(args).catch((error: { all?: string }) => error);
    return `== podman ${args.join(" ")}\n${all}`;
  });
  return (await Promise.all(said)).join("\n");
}
