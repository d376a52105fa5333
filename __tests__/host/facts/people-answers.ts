import { type Exchange, KRATOS } from "../../facts/exchanges.ts";

/** What Kratos lists, with the metadata that the seed gives to somebody it makes; Kratos returns what it was given. */
export const somebody = (): Exchange => {
  const [first] = KRATOS.exchange("list page").body as readonly Record<string, string>[];
  const metadata = { synthetic: { set: "people", seed: 42, index: 1 } };
  return {
    ...KRATOS.exchange("list page"),
    body: [{ ...first, metadata_admin: metadata }] as unknown as Exchange["body"],
  };
};

/** A login by the API flow, from its begin to its end. */
export const LOGIN: readonly Exchange[] = [
  "login verified: flow",
  "login verified",
  "whoami by token",
  "logout by api",
].map(KRATOS.exchange);
