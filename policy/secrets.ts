/** Shapes of secrets, by what they are. */
const KINDS: Readonly<Record<string, RegExp>> = {
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "an age identity": /AGE-SECRET-KEY-/,
  "a GitHub token": /\b(gh[opsru]_[A-Za-z0-9]{36}|github_pat_\w{22,})/,
  "a payment provider's key": /\b[rs]k_(live|test)_\w{10,}|\bwhsec_\w{16,}/,
  "a Slack token": /\bxox[abeoprs]-[\w-]{10,}/,
  "an AWS access key": /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  "a Google client secret": /\bGOCSPX-[\w-]{20,}/,
  "a JSON web token": /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./,
  // A placeholder of a shell or a template (`$PASSWORD`, `{{…}}`, `<…>`) is no password.
  "a URL with a password": /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"']+:(?![$<{])[^\s/@"']+@/,
};

/** Public by nature, and random to look at: certificates, their requests, public keys. */
const PUBLIC =
  /-----BEGIN ((?:CERTIFICATE|PUBLIC KEY)[A-Z ]*)-----[^-]*-----END \1-----|\S+ AAAA[A-Za-z0-9+/=]+/g;

/** A word of 40 characters (Cloudflare) or 64 (Hetzner) in which big and small letters and digits mix. */
const TOKEN = /(?<![\w+/=.-])(?:[\w-]{40}|[A-Za-z0-9]{64})(?![\w+/=.-])/g;
const isMixed = (word: string): boolean => /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word);

/** What kind of secret stands in a text, if one seems to. */
export function secretKind(text: string): string | undefined {
  const bare = text.replaceAll(PUBLIC, "");
  const known = Object.entries(KINDS).find(([, shape]) => shape.test(bare))?.[0];
  return known ?? ((bare.match(TOKEN) ?? []).some(isMixed) ? "what looks like an API token" : undefined);
}
