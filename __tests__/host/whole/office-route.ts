import { execa } from "execa";
import { NETWORK } from "../../../sandbox/machines/network.ts";

/**
 * Whatever this computer asks a machine of the sandbox comes from `address` from now on: staging answers the office alone. The route
 * goes when the sandbox's bridge does.
 */
export async function comeFrom(address: string): Promise<void> {
  await execa("ip", ["route", "replace", NETWORK.range, "dev", NETWORK.bridge, "src", address]);
}
