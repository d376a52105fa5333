import type { MirrorOverlay } from "./schema.ts";

export const staging: MirrorOverlay = {
  domain: "staging.your-app.com",
  hostType: "cax11",
  rateLimits: { login: { events: 100, window: "1m" } },

  extras: {
    timeZone: "Europe/Berlin",
    nightlyStop: "0 20 * * MON-FRI",
    morningStart: "0 7 * * MON-FRI",
    monthlyRefresh: "30 8 1 * *",
    seed: { users: 1000, number: 42, onCalendar: "*-*-01 09:00:00" },
    logins: { perHour: [5, 10] },
    mail: "mailpit",
  },
};
