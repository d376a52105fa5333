/** What a server type runs: Hetzner's cax types are ARM, all others x86. */
export const architectureOfServer = (type: string): "arm64" | "amd64" =>
  type.startsWith("cax") ? "arm64" : "amd64";
