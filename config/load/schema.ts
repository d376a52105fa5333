// The only source of the configuration's types: what a field may hold stands beside what to do about a wrong value.
export { type Base, baseSchema, type EnvironmentIdentity } from "./base-schema.ts";
export {
  type Extras,
  type MirrorOverlay,
  mirrorOverlaySchema,
  type Overlay,
  overlaySchema,
  type RateLimits,
  type SchemaId,
  type SeedMix,
} from "./overlay-schema.ts";
