import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ipaddr from "ipaddr.js";
import { Failure } from "../../lib/failure.ts";
import { callerDirectory } from "../../lib/process-env.ts";
import type { Route } from "./client.ts";
import type { NetworkLocation } from "./network-location.ts";

export interface SmokeOptions {
  readonly json?: boolean;
  readonly from?: string;
  /** `ADDRESS[:PORT]` to connect to for every host. */
  readonly resolve?: string;
  readonly origin?: boolean;
  /** Addresses of the machine itself. */
  readonly address?: readonly string[];
  /** Files. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Undefined: on a rehearsal only. */
  readonly rateLimit?: boolean;
}

/** The way that the options say. Throws a Failure that names the option, its value and what it may be. */
export function routeOf({ resolve: to, origin, address = [], ca, cert, key }: SmokeOptions): Route {
  const wrong = address.find((one) => !ipaddr.isValid(one));
  if (wrong !== undefined) throw new Failure(`--address ${wrong}: write an IPv4 or IPv6 address`);
  if (origin && !to && !address[0])
    throw new Failure("--origin needs --address or --resolve: where the machine is");
  if (Boolean(cert) !== Boolean(key)) throw new Failure("--cert and --key go together");
  return {
    ...(to ? connectionOf(to) : { address: origin ? address[0] : undefined }),
    ca: ca && file("--ca", ca),
    cert: cert && file("--cert", cert),
    key: key && file("--key", key),
  };
}

function connectionOf(text: string): Pick<Route, "address" | "port"> {
  if (ipaddr.isValid(text)) return { address: text };
  const [, address = "", port] =
    text.match(/^\[(.+)\](?::(\d{1,5}))?$/) ?? text.match(/^([^:]+):(\d{1,5})$/) ?? [];
  if (!ipaddr.isValid(address) || Number(port ?? 443) < 1 || Number(port ?? 443) > 65_535)
    throw new Failure(
      `--resolve ${text}: write an address and perhaps a port, such as 203.0.113.7 or [2001:db8::7]:8443`,
    );
  return { address, port: port === undefined ? undefined : Number(port) };
}

function file(option: string, path: string): string {
  try {
    return readFileSync(resolve(callerDirectory(), path), "utf8");
  } catch (error) {
    throw new Failure(`${option} ${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** What `--from` says; undefined when it is to be found out. */
export function networkLocationOption(place: string | undefined): NetworkLocation | undefined {
  if (place === undefined || place === "auto") return undefined;
  if (place === "office" || place === "outside") return { place, because: "--from says so" };
  throw new Failure(`--from ${place}: write office, outside or auto`);
}
