import { expect, test } from "vitest";
import { contents } from "../../../cli/release/contents.ts";
import { migrationObstacles } from "../../../cli/release/migration-obstacle.ts";
import { servedOf } from "../../../cli/release/served.ts";

const release = (kratos: string) =>
  servedOf(
    contents([
      {
        path: "images.env",
        content: `IMAGE_KRATOS=${kratos}\nIMAGE_HYDRA=hydra:v26.2.0\n`,
        mode: 0o644,
      },
    ]),
  );

test("a rollback between releases of the same versions is free", () => {
  expect(migrationObstacles(release("kratos:v26.2.0"), release("kratos:v26.2.0"), "staging")).toEqual([]);
});

test("one across a migration is refused with the reason and the way back, unless the operator answers for it", () => {
  const [now, then] = [release("kratos:v26.2.0"), release("kratos:v1.3.1")];
  expect(migrationObstacles(now, then, "staging")).toEqual([
    expect.stringMatching(
      /Kratos of that release is kratos:v1.3.1.*migrated by kratos:v26.2.0.*olympus restore staging.*--across-migration/,
    ),
  ]);
  expect(migrationObstacles(now, then, "staging", true)).toEqual([]);
});
