/** What the first message of a TLS client says (RFC 8446, 4.1.2). */
export type ClientHello =
  | {
      readonly kind: 'read';
      /** As it is named (RFC 6066, 3), in lower case; undefined where no name is sent. */
      readonly serverName: string | undefined;
      /** Whether the name that counts may be another, which nobody else can read. */
      readonly isEncrypted: boolean;
    }
  /** More bytes are needed. */
  | { readonly kind: 'partial' }
  | { readonly kind: 'malformed' };

const partial = { kind: 'partial' } as const;
const malformed = { kind: 'malformed' } as const;

const handshakeRecord = 22;
const clientHelloMessage = 1;
const serverNameExtension = 0;
const encryptedHelloExtension = 0xfe0d;
const hostName = 0;

/** Bytes that a client hello may have; those with keys that withstand quantum computers have 2,000. */
export const helloBytes = 16_384;

/** Reads a client hello out of the first bytes of a connection. Nothing may stand before or in it. */
export function readClientHello(bytes: Uint8Array): ClientHello {
  const message = messageIn(Buffer.from(bytes));
  if (!Buffer.isBuffer(message)) return message;
  const reader = new Reader(message);
  reader.skip(2 + 32);
  reader.vector(1);
  reader.vector(2);
  reader.vector(1);
  const extensions = new Reader(reader.vector(2));
  let serverName: string | undefined;
  let isEncrypted = false;
  const seen = new Set<number>();
  while (extensions.left > 0) {
    const type = extensions.number(2);
    const body = extensions.vector(2);
    if (extensions.isShort || seen.has(type)) return malformed;
    seen.add(type);
    if (type === encryptedHelloExtension) isEncrypted = true;
    if (type !== serverNameExtension) continue;
    serverName = nameIn(body);
    if (serverName === undefined) return malformed;
  }
  if (reader.isShort || reader.left > 0 || extensions.isShort) return malformed;
  return { kind: 'read', serverName, isEncrypted };
}

/** The handshake message that the first records hold together, without its head. */
function messageIn(bytes: Buffer): Buffer | typeof partial | typeof malformed {
  const parts: Buffer[] = [];
  let size = 0;
  for (let at = 0; ;) {
    if (bytes.length < at + 5) return partial;
    if (bytes[at] !== handshakeRecord || bytes[at + 1] !== 3) return malformed;
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > helloBytes) return malformed;
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    size += part.length;
    const joined = Buffer.concat(parts);
    if (size >= 4) {
      if (joined[0] !== clientHelloMessage) return malformed;
      const whole = joined.readUIntBE(1, 3);
      if (whole > helloBytes) return malformed;
      // What follows it in the same record would be a message that nobody has asked for.
      if (size > 4 + whole) return malformed;
      if (size === 4 + whole) return joined.subarray(4);
    }
    if (part.length < length) return partial;
    at += 5 + length;
  }
}

/** The one host name of a list of names; undefined for a list of any other form. */
function nameIn(body: Buffer): string | undefined {
  const outer = new Reader(body);
  const list = new Reader(outer.vector(2));
  const type = list.number(1);
  const name = list.vector(2);
  if (outer.isShort || outer.left > 0 || list.isShort || list.left > 0) return undefined;
  const text = name.toString('latin1').toLowerCase();
  return type === hostName && /^[!-~]+$/.test(text) ? text : undefined;
}

/** Reads forward; what goes beyond the end is empty, and told by `isShort`. */
class Reader {
  isShort = false;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  skip(count: number): Buffer {
    if (count > this.left) {
      this.isShort = true;
      this.#at = this.#bytes.length;
      return Buffer.alloc(0);
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  number(width: 1 | 2): number {
    const bytes = this.skip(width);
    return bytes.length === width ? bytes.readUIntBE(0, width) : 0;
  }

  vector(width: 1 | 2): Buffer {
    return this.skip(this.number(width));
  }
}
