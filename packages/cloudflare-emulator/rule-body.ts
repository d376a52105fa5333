import { z } from "zod";

/** A rule of a ruleset as a client sends it. */
export const ruleBody = z.looseObject({
  action: z.string(),
  expression: z.string(),
  description: z.string().nullish(),
  enabled: z.boolean().nullish(),
  ref: z.string().nullish(),
  ratelimit: z
    .looseObject({
      characteristics: z.array(z.string()),
      period: z.number(),
      mitigation_timeout: z.number().nullish(),
    })
    .nullish(),
});
export type RuleBody = z.infer<typeof ruleBody>;
