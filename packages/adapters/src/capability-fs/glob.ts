const special = /[.+^${}()|[\]\\]/;

/**
 * Source of a regular expression for a glob: `*` any part of a name, `?` one character of it,
 * `**` any folders. A glob without a slash is matched against the name alone, wherever it is.
 */
export function globSource(glob: string): string {
  let source = glob.includes('/') ? '^' : '^(?:.*/)?';
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at);
    if (glob.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (glob.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else source += special.test(char) ? `\\${char}` : char;
  }
  return `${source}$`;
}
