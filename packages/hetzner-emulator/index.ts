export { hetznerEmulator } from "./app.ts";
export type { CloudMachineSpec, HetznerOptions, Machines } from "./emulated-cloud.ts";
