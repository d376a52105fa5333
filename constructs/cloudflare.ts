// The one place that names the Cloudflare bindings: swap them here.
export { DnsRecord } from "@cdktf/provider-cloudflare/lib/dns-record/index.js";
export { OriginCaCertificate } from "@cdktf/provider-cloudflare/lib/origin-ca-certificate/index.js";
export { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider/index.js";
export { Ruleset, type RulesetRules } from "@cdktf/provider-cloudflare/lib/ruleset/index.js";
export { WorkersCronTrigger } from "@cdktf/provider-cloudflare/lib/workers-cron-trigger/index.js";
export { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script/index.js";
export { ZoneSetting } from "@cdktf/provider-cloudflare/lib/zone-setting/index.js";
