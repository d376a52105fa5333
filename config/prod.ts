import type { Overlay } from "./load/schema.ts";

export const prod: Overlay = {
  domain: "your-app.com",
  hostType: "cpx32",
  rateLimits: { login: { events: 10, window: "1m" } },
};
