// The one place that names the hcloud bindings: swap them here.
export { Firewall } from "@cdktf/provider-hcloud/lib/firewall/index.js";
export { PrimaryIp } from "@cdktf/provider-hcloud/lib/primary-ip/index.js";
export { HcloudProvider } from "@cdktf/provider-hcloud/lib/provider/index.js";
export { Server } from "@cdktf/provider-hcloud/lib/server/index.js";
export { SshKey } from "@cdktf/provider-hcloud/lib/ssh-key/index.js";
export { Volume } from "@cdktf/provider-hcloud/lib/volume/index.js";
export { VolumeAttachment } from "@cdktf/provider-hcloud/lib/volume-attachment/index.js";
