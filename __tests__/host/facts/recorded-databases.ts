import { catalogueOf, catalogueSql, type OryProgram } from "../../facts/catalogue.ts";
import { openStackOn, prepareDatabases, psql } from "../bundle/stack.ts";

export const RECORDED_DATABASES = ["ciam_kratos", "ciam_hydra", "iam_kratos", "iam_hydra"] as const;

export const programOf = (database: string): OryProgram =>
  database.endsWith("_kratos") ? "kratos" : "hydra";

/** Runs SQL and gives what it printed; throws with what Postgres said. */
export function runSql(sql: string, database: string): string {
  const { code, out, err } = psql(sql, database, ["-v", "ON_ERROR_STOP=1"]);
  if (code !== 0 || err) throw new Error(`${database}: ${err}`);
  return out;
}

/** A new Postgres with the four databases as the recorded version leaves them, empty, each owned by its service. */
export async function openRecordedDatabases(): Promise<void> {
  await openStackOn(undefined);
  const made = prepareDatabases();
  if (made.code !== 0) throw new Error(made.err);
  for (const name of RECORDED_DATABASES)
    runSql(`SET ROLE ${name};\n${catalogueSql(catalogueOf(programOf(name)))}`, name);
}
