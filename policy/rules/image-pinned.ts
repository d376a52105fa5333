import { stackOf } from "../examples.ts";
import type { Rule, Subject } from "../rule.ts";

const MOVING = ["latest", "main", "master", "edge", "nightly", "stable"];

function isPinned(reference: string): boolean {
  const [, tag = ""] = /:([^:/@]+)(?:@|$)/.exec(reference) ?? [];
  return /@sha256:[0-9a-f]{64}$/.test(reference) || (tag !== "" && !MOVING.includes(tag));
}

const withImage = (reference: string): Subject => stackOf({}, { images: { caddy: { reference } } });

export const rule: Rule = {
  id: "image-pinned",
  reason: "A moving tag is another program tomorrow: what passed on staging is not what prod gets.",
  remedy: "Pin a version's tag, or a digest.",
  check: (subjects) =>
    subjects.flatMap(({ stack, images = {} }) =>
      Object.entries(images)
        .filter(([, { reference }]) => !isPinned(reference))
        .map(([name, { reference }]) => ({
          stack,
          path: `images.${name}.reference`,
          found: `${reference} moves`,
        })),
    ),
  passing: [
    withImage("ghcr.io/your-org/edge:v2.11.9"),
    withImage(`ghcr.io/your-org/edge@sha256:${"0".repeat(64)}`),
  ],
  failing: [withImage("ghcr.io/your-org/edge:latest"), withImage("localhost:5000/edge")],
};
