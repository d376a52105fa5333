import * as z from "zod";
import { EMAIL, field, HOST_NAME, LABEL, textField } from "./fields.ts";

/** Terms of SPF that a receiver looks up; it follows ten of them, those of every include counted in (RFC 7208, 4.6.4). */
const LOOKED_UP = /^(include:|a(:|\/|$)|mx(:|\/|$)|exists:)/;
const MOST_LOOKUPS = 10;
/** Relays keep theirs below names with an underscore: `_spf.google.com`, `k2._domainkey.mandrillapp.com`. */
const DOMAIN = "(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})";
const SPF_TERM = new RegExp(
  `^(include:${DOMAIN}|(a|mx)(:${DOMAIN})?|ip4:[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?|ip6:[0-9a-f:]{2,39}(/[0-9]{1,3})?)$`,
);
/** A key as relays show it, `k=rsa; p=MIG…`, or the host that has it. */
const DKIM_VALUE = new RegExp(
  `^((v=DKIM1; ?)?([ahkgnst]=[A-Za-z0-9:*-]+; ?)*p=[A-Za-z0-9+/]{40,1200}={0,2};?|${DOMAIN})$`,
);
const SELECTOR = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const isFilled = (list: readonly string[]): boolean => list.length > 0;
const isOnce = (list: readonly string[]): boolean => new Set(list).size === list.length;
const isSome = (value: object): boolean => Object.values(value).some((part) => part !== undefined);

const mail = field(
  z
    .strictObject({
      label: textField(
        "the label of the sending domain below its zone",
        "write app for app.your-app.com; leave it out where the domain is the zone itself",
        LABEL,
      ).optional(),
      spf: field(
        z.strictObject({
          terms: field(
            z
              .array(
                textField(
                  "include:, a, mx, ip4: or ip6:",
                  "write who may send, such as include:spf.mtasv.net",
                  SPF_TERM,
                ),
              )
              .refine(isFilled, "is empty")
              .refine(isOnce, "holds a term twice")
              .refine(
                (terms) => terms.filter((term) => LOOKED_UP.test(term)).length <= MOST_LOOKUPS,
                `makes a receiver ask more than ${MOST_LOOKUPS} times`,
              ),
            `one or more terms, each once, at most ${MOST_LOOKUPS} of them looked up`,
            "write who sends for the domain: the relay's include, and what an SPF that exists already names",
          ),
          others: field(
            z.enum(["fail", "softfail"]),
            "fail (-all) or softfail (~all)",
            "write what a receiver does with mail from anywhere else",
          ),
        }),
        "terms and others",
        'write it such as { terms: ["include:spf.mtasv.net"], others: "softfail" }',
      ).optional(),
      dkim: field(
        z
          .record(
            textField(
              "a selector: a-z, 0-9 and -",
              "copy it from the relay: what stands before ._domainkey",
              SELECTOR,
            ),
            textField(
              "a key such as k=rsa; p=…, or a host",
              "copy what the relay shows: the value of its TXT record, or the target of its CNAME",
              DKIM_VALUE,
            ),
          )
          .refine(isSome, "is empty"),
        "keys or hosts by their selectors",
        'write it such as { "20260101pm": "k=rsa; p=…" }, or { abc: "abc.dkim.amazonses.com" }',
      ).optional(),
      dmarc: field(
        z.strictObject({
          policy: field(
            z.enum(["none", "quarantine", "reject"]),
            "none, quarantine or reject",
            "begin with none, and read the reports before the others",
          ),
          reports: textField(
            "an e-mail address of letters, digits and _+-. before the @",
            "write who reads the reports; an address of another domain needs that domain's consent in its own DNS",
            EMAIL,
          ),
        }),
        "policy and reports",
        'write it such as { policy: "none", reports: "dmarc@your-app.com" }',
      ).optional(),
    })
    .refine(isSome, "is empty"),
  "any of spf, dkim and dmarc, and label",
  "name the records that Terraform is to keep, or leave mail out",
);

/**
 * Records that say who may act for the domain; absent, they stay as they are, whoever keeps them. `caa` binds the zone and all
 * below it. Cloudflare adds to a zone with any CAA record those of the authorities that it uses itself (letsencrypt.org,
 * pki.goog, ssl.com, sectigo.com), visible to `dig` alone: https://developers.cloudflare.com/ssl/edge-certificates/caa-records/.
 * `mail` is for the domain that real people get mail from, `noreply@<domain>`. Every zone holds them at the same place: one of
 * staging's own, too.
 */
export const dns = field(
  z
    .strictObject({
      caa: field(
        z
          .array(textField("the domain of an authority", "write it such as letsencrypt.org", HOST_NAME))
          .refine(isFilled, "is empty")
          .refine(isOnce, "names an authority twice"),
        "one or more certificate authorities, each once",
        "name who may issue beside Cloudflare's own; where there is no other, one of those",
      ).optional(),
      mail: mail.optional(),
    })
    .refine(isSome, "is empty"),
  "caa, mail or both",
  "name the records that Terraform is to keep, or leave dns out",
).optional();

export type Dns = NonNullable<z.infer<typeof dns>>;
