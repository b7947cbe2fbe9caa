/** A token of RFC 9110 in lower case, that is not ours to set. */
const headerForm =
  /^(?!(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|accept-encoding|cookie|proxy-.*)$)[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/;

/** Whether a manifest may name a header. */
export function isOwnHeader(name: string): boolean {
  return headerForm.test(name);
}
