/** A private key that signs and never shows itself. */
export interface Ed25519Signer {
  /** Raw public key, 64 hex digits. */
  readonly publicKeyHex: string;
  /** Signature over the message, 128 hex digits. */
  readonly sign: (message: Uint8Array) => string;
}
