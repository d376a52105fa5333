/** One element of DER: what certificates and requests for them are made of. */
export interface DerElement {
  readonly tag: number;
  /** The element with its tag and length. */
  readonly whole: Buffer;
  readonly body: Buffer;
}

export const DER = {
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** The first field that has no tag of its own; the second of the names in an extension is a host. */
  context0: 0xa0,
  hostName: 0x82,
} as const;

/** The elements that stand one after the other. Throws where a length leads outside. */
export function derElements(bytes: Buffer): DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    const count = first < 0x80 ? 0 : first - 0x80;
    if (count > 4 || first === 0x80) throw new RangeError("a length that DER does not have");
    const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
    const begin = at + 2 + count;
    if (begin + length > bytes.length) throw new RangeError("a length that leads outside");
    found.push({
      tag,
      whole: bytes.subarray(at, begin + length),
      body: bytes.subarray(begin, begin + length),
    });
    at = begin + length;
  }
  return found;
}

/** The elements within one, when it is a sequence, a set or a tagged field. Throws when it is of another tag. */
export function within(element: DerElement | undefined, tag: number): DerElement[] {
  if (element?.tag !== tag) throw new RangeError(`another tag than ${tag}`);
  return derElements(element.body);
}
