import { withResource } from "../examples.ts";
import { each, list, object, when } from "../resources.ts";
import type { Rule } from "../rule.ts";

export const rule: Rule = {
  id: "server-addresses",
  reason:
    "A server without a public address cannot be reached, and an address of its own is deleted with the server.",
  remedy: "Enable both families in public_net and link a primary IP for each.",
  check: each("hcloud_server", ({ public_net }) => {
    const net = object(list(public_net)[0]);
    return ["ipv4", "ipv6"].flatMap((family) => [
      ...when(net[`${family}_enabled`] === false, `public_net.0.${family}_enabled`, `${family} is off`),
      ...when(net[family] === undefined, `public_net.0.${family}`, `no primary IP for ${family}`),
    ]);
  }),
  passing: [withResource("hcloud_server", { public_net: [{ ipv4: 1, ipv6: 2 }] })],
  failing: [
    withResource("hcloud_server", { public_net: [{ ipv4_enabled: false, ipv6_enabled: false }] }),
    withResource("hcloud_server", {}),
  ],
};
