import { createHash } from 'node:crypto';
import type { Signer } from '@chancery/kernel/encoding';

const magic = Buffer.from('SSHSIG');
const keyType = 'ssh-ed25519';
const lineLength = 70;

/** A string as SSH writes it: its length in four bytes, then its bytes (RFC 4251, section 5). */
function sized(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The public key as SSH has it (RFC 8709), base64: what a list of allowed signers holds. */
export function sshPublicKey({ id }: Pick<Signer, 'id'>): Buffer {
  const raw = Buffer.from(id.slice('ed25519:'.length), 'hex');
  return Buffer.concat([sized(keyType), sized(raw)]);
}

/** An armoured SSH signature (OpenSSH, PROTOCOL.sshsig) in the namespace that git uses. */
export function sshSignature(message: string, signer: Signer): string {
  const [namespace, reserved, hash] = ['git', '', 'sha512'];
  const digest = createHash(hash).update(message).digest();
  const signed = Buffer.concat([
    magic,
    ...[sized(namespace), sized(reserved), sized(hash), sized(digest)],
  ]);
  const raw = Buffer.from(signer.sign(signed), 'hex');
  const version = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([
    ...[magic, version, sized(sshPublicKey(signer))],
    ...[sized(namespace), sized(reserved), sized(hash)],
    sized(Buffer.concat([sized(keyType), sized(raw)])),
  ]);
  const lines = blob.toString('base64').match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n');
}
