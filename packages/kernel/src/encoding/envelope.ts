import { done, Fault, refused, type Result } from '../refusal/index.ts';
import { decodeBase64, encodeBase64, hexOfBytes, bytesOfHex } from './bytes.ts';
import { recordText } from './canonical.ts';
import { closed, listOf, misfit, textOf, type Form } from './form.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { isKeyId, verifySignature, type KeyId, type Signer } from './key.ts';
import { parseRecord } from './parse.ts';

/**
 * DSSE envelope (secure-systems-lab/dsse v1.0.2). The payload is base64 of JCS text; a signature
 * is base64 of the 64 raw bytes.
 */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  readonly keyid: KeyId;
  readonly sig: string;
}

/** Types of payload; each names what it is for, so that no envelope can stand for another. */
export type PayloadType =
  | 'application/vnd.chancery.writ+json'
  | 'application/vnd.chancery.vote+json'
  | 'application/vnd.chancery.bundle+json'
  | 'application/vnd.chancery.genesis+json'
  | 'application/vnd.chancery.key+json'
  | 'application/vnd.chancery.key-retirement+json'
  | 'application/vnd.chancery.key-compromise+json'
  | 'application/vnd.chancery.commit+json'
  | 'application/vnd.chancery.revocation+json'
  | 'application/vnd.chancery.closing+json'
  | 'application/vnd.chancery.control+json'
  | 'application/vnd.chancery.removal+json'
  | 'application/vnd.chancery.activation+json'
  | 'application/vnd.chancery.approver-delegation+json'
  | 'application/vnd.chancery.channel+json'
  | 'application/vnd.chancery.prices+json'
  | 'application/vnd.chancery.program-retirement+json'
  | 'application/vnd.chancery.programs+json'
  | 'application/vnd.chancery.manifest+json'
  | 'application/vnd.chancery.manifest-retirement+json'
  | 'application/vnd.chancery.policy-proposal+json'
  | 'application/vnd.chancery.policy-retirement+json'
  | 'application/vnd.chancery.word+json'
  | 'application/vnd.chancery.snapshot+json'
  | 'application/vnd.chancery.projection+json';

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** DSSE pre-authentication encoding: what is signed. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8.encode(payloadType);
  const head = utf8.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `);
  const message = new Uint8Array(head.length + payload.length);
  message.set(head);
  message.set(payload, head.length);
  return message;
}

/** Signs a payload object by each of the signers. */
export function sealEnvelope(
  payloadType: PayloadType,
  payload: unknown,
  signers: readonly Signer[],
): Envelope {
  const bytes = utf8.encode(recordText(payload));
  const message = preAuthEncoding(payloadType, bytes);
  return {
    payloadType,
    payload: encodeBase64(bytes),
    signatures: signers.map((signer) => ({
      keyid: signer.id,
      sig: encodeBase64(bytesOfHex(signer.sign(message))),
    })),
  };
}

/** The envelope with the signature of one more; its payload is not looked at. A key signs once. */
export function signEnvelope(envelope: Envelope, signer: Signer): Envelope {
  const { payloadType, payload, signatures } = envelope;
  const bytes = decodeBase64(payload);
  if (bytes === undefined) throw new Fault('the payload is not base64');
  const sig = encodeBase64(bytesOfHex(signer.sign(preAuthEncoding(payloadType, bytes))));
  const others = signatures.filter(({ keyid }) => keyid !== signer.id);
  return { payloadType, payload, signatures: [...others, { keyid: signer.id, sig }] };
}

const someText = textOf(0, Number.MAX_SAFE_INTEGER);

const envelopeForm: Readonly<Record<string, Form>> = {
  payloadType: someText,
  payload: someText,
  signatures: listOf(closed({ keyid: isKeyId, sig: someText })),
};

/** The envelope that a value has the form of; nothing is verified. Undefined where it has another. */
export function envelopeOf(value: Json | undefined): Envelope | undefined {
  if (!isJsonObject(value) || misfit(value, envelopeForm) !== undefined) return undefined;
  return value as unknown as Envelope;
}

export interface OpenedEnvelope {
  /** Parsed payload. Trust it for what `signers` may say, and no more. */
  readonly payload: JsonObject;
  /** Distinct keys whose signatures verify, in the order of the envelope. */
  readonly signers: readonly KeyId[];
}

/**
 * Opens an envelope: type as expected, payload canonical, every signature valid, and one at least.
 * Refuses with `envelope.invalid`; one bad signature spoils the whole envelope.
 */
export function openEnvelope(envelope: Envelope, payloadType: PayloadType): Result<OpenedEnvelope> {
  const opened = openUnsigned(envelope, payloadType);
  return opened.ok && opened.value.signers.length === 0
    ? refused('envelope.invalid', 'the envelope bears no signature')
    : opened;
}

/** Opens an envelope that may bear no signature yet; as `openEnvelope` in all else. */
export function openUnsigned(envelope: Envelope, payloadType: PayloadType): Result<OpenedEnvelope> {
  if (envelope.payloadType !== payloadType) {
    return refused('envelope.invalid', `expected a payload of type ${payloadType}`);
  }
  const bytes = decodeBase64(envelope.payload);
  if (bytes === undefined) return refused('envelope.invalid', 'the payload is not base64');
  const payload = parsePayload(bytes);
  if (!payload.ok) return payload;
  const message = preAuthEncoding(payloadType, bytes);
  const signers = new Set<KeyId>();
  for (const { keyid, sig } of envelope.signatures) {
    const raw = decodeBase64(sig);
    if (raw === undefined || !verifySignature(keyid, message, hexOfBytes(raw))) {
      return refused('envelope.invalid', `the signature of ${keyid} does not verify`);
    }
    signers.add(keyid);
  }
  return done({ payload: payload.value, signers: [...signers] });
}

function parsePayload(bytes: Uint8Array): Result<JsonObject> {
  const text = decodeUtf8(bytes);
  if (text === undefined) return refused('envelope.invalid', 'the payload is not UTF-8');
  const parsed = parseRecord(text);
  if (!parsed.ok) return refused('envelope.invalid', parsed.refusal.message);
  if (recordText(parsed.value) !== text) {
    return refused('envelope.invalid', 'the payload is not in canonical form');
  }
  if (typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value)) {
    return refused('envelope.invalid', 'the payload is not an object');
  }
  return done(parsed.value as JsonObject);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
