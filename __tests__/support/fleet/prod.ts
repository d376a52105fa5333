import type { Overlay } from "../../../config/load/schema.ts";

export const prod: Overlay = {
  domain: "your-app.com",
  hostType: "cax21",
  rateLimits: { login: { events: 10, window: "1m" } },
};
