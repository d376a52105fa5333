import type { MirrorOverlay } from "./load/schema.ts";

export const staging: MirrorOverlay = {
  domain: "staging.your-app.com",
  hostType: "cpx22",
  rateLimits: { login: { events: 100, window: "1m" } },

  extras: {
    timeZone: "Europe/Berlin",
    nightlyStop: "0 20 * * MON-FRI",
    morningStart: "0 7 * * MON-FRI",
    fallbackTypes: ["cpx32"],
    monthlyRefresh: "30 8 1 * *",
    seed: {
      users: 1000,
      number: 42,
      mix: { default: 70, customer: 20, organizational: 7, admin: 3 },
      cron: "0 10 * * MON",
    },
    logins: { perHour: [5, 10] },
    mail: "mailpit",
  },
};
