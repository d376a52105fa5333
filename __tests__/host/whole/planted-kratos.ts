import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { buildGoProgram } from "../../../lib/go-program.ts";
import { type Progress, stderrProgress } from "../../../lib/progress.ts";
import { PROGRAMS } from "../../../sandbox/programs/programs.ts";
import type { EnvironmentUnderTest } from "./environment-under-test.ts";

const STEP = "persistence/sql/migrations/sql/20990101000000000000_planted";
/** Kratos with one migration more, which the one before it does not notice. */
const PLANTED = {
  ...PROGRAMS.kratos,
  adds: {
    [`${STEP}.up.sql`]: "ALTER TABLE sessions ADD COLUMN planted UUID;\n",
    [`${STEP}.down.sql`]: "ALTER TABLE sessions DROP COLUMN planted;\n",
  },
};

export const ensurePlantedKratos = (progress: Progress): Promise<string> =>
  buildGoProgram("kratos", PLANTED, progress);

/** Makes an image of it on the machine, of another id for each tag, in the place of a registry that has it. */
export async function plantKratos(
  { folder, env, inside }: Pick<EnvironmentUnderTest, "folder" | "env" | "inside">,
  planted: string,
): Promise<void> {
  copyFileSync(
    await ensurePlantedKratos(stderrProgress),
    join(folder, "machines", env.name, "root", "root", "kratos"),
  );
  const { name, tag } = env.images.kratos;
  await inside(`made=$(podman create ${name}:${tag})
podman cp /root/kratos "$made":/usr/bin/kratos
podman commit -q --change 'LABEL planted=${planted}' "$made" ${name}:${planted}
podman rm "$made"`);
}

/** Whether the tables of IAM have what it brings. */
export const hasPlantedStep = async ({ inside }: Pick<EnvironmentUnderTest, "inside">): Promise<boolean> =>
  (
    await inside(
      `podman exec --user postgres olympus-postgres psql -At -d iam_kratos -c "SELECT count(*) FROM information_schema.columns WHERE column_name = 'planted'"`,
    )
  ).trim() === "1";
