/**
 * What Hetzner sells, and at which prices in the location of config/base.ts: net EUR a month. `./olympus types` asks Hetzner's API
 * and writes this file; the date is the day since which it is known to hold.
 */
export const hetznerList = {
  date: "2026-09-03",
  /**
   * Types and prices: plan pages of 2026-09-03 and -04 as recorded in robhunter/agentdeals#1286 and #1181, less the primary IPv4
   * that the pages include: CAX41 stands there at 41.49 and at 40.99 in Hetzner's own table of 2026-06-15 (agentdeals#1324). On
   * those days the pages showed no CX and no CAX as orderable, and every CPX. IPv4: the difference between those two sources;
   * the same for CX23. Volume: from 2026-04-01 (devantler-tech/platform#1637, citing Hetzner's price adjustment page).
   */
  source: "plan pages of hetzner.com",
  serverTypes: {
    cax11: { architecture: "arm64", monthly: 5.99 },
    cax21: { architecture: "arm64", monthly: 10.49 },
    cax31: { architecture: "arm64", monthly: 20.99 },
    cax41: { architecture: "arm64", monthly: 40.99 },
    cpx12: { architecture: "amd64", monthly: 11.49 },
    cpx22: { architecture: "amd64", monthly: 19.49 },
    cpx32: { architecture: "amd64", monthly: 35.49 },
    cpx42: { architecture: "amd64", monthly: 69.49 },
    cpx52: { architecture: "amd64", monthly: 100.49 },
    cpx62: { architecture: "amd64", monthly: 129.99 },
    cx23: { architecture: "amd64", monthly: 5.49 },
    cx33: { architecture: "amd64", monthly: 8.49 },
    cx43: { architecture: "amd64", monthly: 15.99 },
    cx53: { architecture: "amd64", monthly: 29.49 },
  },
  primaryIpv4: 0.5,
  volumeGb: 0.0572,
} as const;
