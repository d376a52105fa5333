import { stackOf } from "../examples.ts";
import { object, show } from "../resources.ts";
import type { Rule } from "../rule.ts";

const withS3 = (s3: Record<string, boolean | string>, endpoint?: string) =>
  stackOf({ terraform: { backend: { s3: { ...s3, ...(endpoint && { endpoints: { s3: endpoint } }) } } } });
const STORE = "https://store.example.com";

export const rule: Rule = {
  id: "state-s3-guarded",
  reason:
    "Without a lock two writers corrupt the state. Amazon encrypts it by a header that other stores refuse, as they do host names of buckets.",
  remedy:
    "Set use_lockfile to true; at Amazon encrypt too; with an endpoint no encrypt, and use_path_style and skip_s3_checksum.",
  check: (subjects) =>
    subjects.flatMap(({ stack, document }) => {
      const { s3 } = object(object(object(document).terraform).backend);
      if (s3 === undefined) return [];
      const isAmazon = object(object(s3).endpoints).s3 === undefined;
      const wanted = { use_lockfile: true, encrypt: isAmazon, ...(!isAmazon && ELSEWHERE) };
      return Object.entries(wanted)
        .filter(([key, value]) => (object(s3)[key] ?? false) !== value)
        .map(([key]) => ({
          stack,
          path: `terraform.backend.s3.${key}`,
          found: `${key} is ${show(object(s3)[key])}`,
        }));
    }),
  passing: [
    withS3({ use_lockfile: true, encrypt: true }),
    withS3({ use_lockfile: true, use_path_style: true, skip_s3_checksum: true }, STORE),
  ],
  failing: [
    withS3({ encrypt: true }),
    withS3({ use_lockfile: true }),
    withS3({ use_lockfile: true, encrypt: true, use_path_style: true, skip_s3_checksum: true }, STORE),
    withS3({ use_lockfile: true, skip_s3_checksum: true }, STORE),
  ],
};

const ELSEWHERE = { use_path_style: true, skip_s3_checksum: true };
