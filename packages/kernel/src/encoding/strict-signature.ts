/** The `y` of the points whose order divides 8, little-endian, without the bit for the sign of `x`. */
const orderDividesEight = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** A `y` from the prime 2²⁵⁵−19 on, which a smaller one means as well. */
const unreduced = /^(?:e[d-f]|f[0-9a-f])(?:ff){30}7f$/;

/**
 * Whether 64 hex digits may be a public key, or the first half of a signature: not a second way of
 * writing another point (RFC 8032, section 5.1.3), and no point of small order. That they are a point
 * at all is not looked at. A `y` of 1 or −1 leaves `x` no other value than 0, so that all with a
 * wrong sign of 0 are among those of small order.
 */
export function isStrictPoint(hex: string): boolean {
  const last = Number.parseInt(hex.slice(62), 16);
  const y = hex.slice(0, 62) + (last & 0x7f).toString(16).padStart(2, '0');
  return !orderDividesEight.has(y) && !unreduced.test(y);
}

/**
 * Whether a key and a signature may be verified at all. With a key of small order there are
 * signatures that nobody made, and that are valid for many messages (Chalkias, Garillot, Nikolaenko,
 * _Taming the many EdDSAs_, 2020); libraries differ in what they take, and so do their versions.
 */
export function isStrictSignature(publicKeyHex: string, signatureHex: string): boolean {
  return isStrictPoint(publicKeyHex) && isStrictPoint(signatureHex.slice(0, 64));
}
