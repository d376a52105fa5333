import type { ClientResponse, SmokeClient } from "../../../cli/smoke/client.ts";

/** A client whose answers a function makes. */
export const clientOf = (answer: (url: URL, cookie?: string) => Partial<ClientResponse>): SmokeClient => ({
  route: {},
  send: async (url, sending) => ({
    ...{ url: new URL(url), status: 200, headers: [], body: "", ownAddress: undefined },
    ...answer(new URL(url), sending?.headers?.cookie),
  }),
  posts: () => 0,
  close: () => undefined,
});
