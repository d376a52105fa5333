import type { ZoneRecord } from "../../config/load/zone-records.ts";
import { purposeOf, type RecordPurpose } from "../../policy/zone-records.ts";
import type { HeldRecord } from "./held.ts";

/** A record that others keep, where a zone's own says the same of the same name. */
export interface MetRecord {
  readonly record: HeldRecord;
  readonly own: ZoneRecord;
  /** Whether the two cannot stand side by side. */
  readonly isInTheWay: boolean;
  readonly why: string;
}

const WHY: Readonly<Record<RecordPurpose, string>> = {
  caa: "Cloudflare takes no second record that is the same: leave it in dns.caa of config/base.ts",
  spf: "two SPF records are an error to every receiver: write its terms into dns.mail.spf.terms of config/base.ts",
  dkim: "a selector has one key: write that one into dns.mail.dkim of config/base.ts",
  dmarc:
    "two DMARC records count as none: write its policy and address into dns.mail.dmarc of config/base.ts",
};

/** Which of these records of others meet a zone's own. */
export const metRecords = (foreign: readonly HeldRecord[], own: readonly ZoneRecord[]): MetRecord[] =>
  foreign.flatMap((record): MetRecord[] => {
    const purpose = purposeOf({ ...record, type: record.recordType });
    const rivals = own.filter(
      ({ name, type, content = "" }) =>
        name === record.name && purposeOf({ name, type, content }) === purpose,
    );
    const [first] = rivals;
    if (!purpose || !first) return [];
    if (purpose !== "caa") return [{ record, own: first, isInTheWay: true, why: WHY[purpose] }];
    const content = record.content.replaceAll(/\s+/g, " ");
    const twin = rivals.find(({ data }) => content === `${data?.flags} ${data?.tag} "${data?.value}"`);
    if (twin) return [{ record, own: twin, isInTheWay: true, why: WHY.caa }];
    return / issue(wild)? /.test(content)
      ? [
          {
            record,
            own: first,
            isInTheWay: false,
            why: "it lets others issue: name them in dns.caa of config/base.ts, or remove it at the provider",
          },
        ]
      : [];
  });
