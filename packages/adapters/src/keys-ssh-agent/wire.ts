/** Messages of the SSH agent protocol (RFC 4251 for their parts; draft-ietf-sshm-ssh-agent). */
export const messages = {
  requestIdentities: 11,
  identitiesAnswer: 12,
  signRequest: 13,
  signResponse: 14,
} as const;

/** Bytes behind their length, as SSH writes a string. */
export function sshString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads the parts of a message; none of its methods reads past the end. */
export class WireReader {
  private left: Buffer;

  constructor(bytes: Uint8Array) {
    this.left = Buffer.from(bytes);
  }

  /** @throws {WireError} where it is not there. */
  byte(): number {
    return this.take(1).readUInt8();
  }

  /** @throws {WireError} where it is not there. */
  uint32(): number {
    return this.take(4).readUInt32BE();
  }

  /** @throws {WireError} where it is not there, whole. */
  string(): Buffer {
    return this.take(this.uint32());
  }

  get isAtEnd(): boolean {
    return this.left.length === 0;
  }

  private take(size: number): Buffer {
    if (size > this.left.length) throw new WireError('the message is cut short');
    const taken = this.left.subarray(0, size);
    this.left = this.left.subarray(size);
    return taken;
  }
}

/** What an agent says is not of its protocol. */
export class WireError extends Error {}
