import type { Pattern } from '../pattern-detector.ts';
import { isRandom } from '../randomness.ts';

const armour = String.raw`[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?`;
const quote = String.raw`\\{0,3}["'\x60]`;

/** What a `user:password` holds when it is base64, as the header for basic authentication has it. */
function isBasic(secret: string): boolean {
  const decoded = Buffer.from(secret, 'base64').toString('latin1');
  return /^[\x20-\x7e\xa0-\xff]*:[\x20-\x7e\xa0-\xff]{3,}$/.test(decoded);
}

/** Passwords of addresses in documentation. */
const sampleWords = /^(?:pass(?:word|wd)?|pwd|secret|test|user(?:name)?|admin|foo|bar|token)$/i;

function hasDigitOrSign(secret: string): boolean {
  return /[\d!-,./:-@[-^{-~]/.test(secret);
}

/** Private keys, passwords in addresses and commands, headers. */
export const patterns: readonly Pattern[] = [
  {
    kind: 'private-key',
    sign: 'BEGI',
    before: 5,
    source: `-----BEGIN ${armour}-----(?:[^-]|-(?!----)){0,16384}(?:-----END ${armour}-----)?`,
    reach: 16_500,
  },
  {
    kind: 'private-key',
    sign: 'BEGI',
    before: 5,
    source: String.raw`---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----(?:[^-]|-(?!---)){0,16384}(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----)?`,
    reach: 16_500,
  },
  {
    kind: 'private-key',
    sign: 'Priv',
    source: String.raw`Private-Lines: \d{1,3}(?:\\r|\\n|\s){1,4}(?<secret>[A-Za-z0-9+/=\s\\]{40,8192})`,
    reach: 8_300,
  },
  {
    kind: 'private-key',
    sign: 'LS0t',
    // What base64 makes of an armour: five hyphens, and the word BEGIN.
    source: String.raw`(?<![A-Za-z0-9+/=])LS0tLS1CRUdJTi(?:[A-Za-z0-9+/=]|\\n|\n){40,16384}`,
    reach: 16_500,
    judge: (secret) =>
      Buffer.from(secret.slice(0, 64), 'base64').toString('latin1').includes('PRIVATE KEY'),
  },
  {
    kind: 'private-key',
    sign: '"d":',
    source: String.raw`"d": ?"(?<secret>[A-Za-z0-9_-]{40,700})(?=")`,
    reach: 800,
  },
  {
    kind: 'private-key',
    sign: '\\"d\\',
    source: String.raw`\\"d\\": ?\\"(?<secret>[A-Za-z0-9_-]{40,700})(?=\\")`,
    reach: 800,
  },
  {
    kind: 'private-key',
    sign: 'seed',
    // Of an Ed25519 key, as key files of this project have it.
    source: String.raw`seed\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}"(?<secret>[A-Za-z0-9+/]{43}=)`,
    reach: 80,
    judge: isRandom,
  },
  {
    kind: 'private-key',
    sign: '<D>',
    source: String.raw`<D>(?<secret>[A-Za-z0-9+/=]{40,1024})(?=<)`,
    reach: 1_100,
  },
  {
    kind: 'minisign-key',
    sign: 'RWRT',
    source: String.raw`(?<![A-Za-z0-9+/])RWRTY0Iy[A-Za-z0-9+/]{60,300}={0,2}`,
    reach: 320,
  },
  {
    kind: 'jwt',
    sign: 'eyJ',
    source: String.raw`(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9A-F]{2})|(?<=\x1b\[[0-9;]{0,12}m)|(?<=eyJ[\w-]{20,90}\.))eyJ[A-Za-z0-9_-]{8,4096}\.(?:eyJ[A-Za-z0-9_-]{8,8192})?\.[A-Za-z0-9_-]{16,2048}(?:\.[A-Za-z0-9_-]{16,8192}\.[A-Za-z0-9_-]{16,64})?`,
    reach: 24_000,
  },
  {
    kind: 'jwt',
    sign: 'eyJ',
    // Nothing else has two parts that begin like JSON, so this one may stand behind a letter.
    source: String.raw`eyJ[A-Za-z0-9_-]{8,256}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{16,2048}`,
    reach: 10_600,
  },
  {
    kind: 'url-password',
    sign: '://',
    source: String.raw`(?<=[A-Za-z0-9+.-]):\/\/[^\s:@/'"]{0,128}:(?!\[redacted:)(?<secret>[^\s@/'"\x60<>\${}]{3,256})(?=@)`,
    reach: 400,
    judge: (secret) => !sampleWords.test(secret),
  },
  {
    kind: 'bearer-token',
    sign: 'eare',
    before: 1,
    flags: 'i',
    source: String.raw`bearer(?: |%20|: ){1,2}(?<secret>[A-Za-z0-9_.=+/~-]{16,4096})`,
    reach: 4_200,
    judge: isRandom,
  },
  {
    kind: 'authorization',
    sign: 'thor',
    before: 2,
    flags: 'i',
    source: String.raw`authorization${quote}?\s{0,2}[:=,]\s{0,2}(?:${quote})?(?:token|apikey|api-key|key|ssws|bot|negotiate|digest|hmac|aws|oauth)?[ =:]{0,2}(?<secret>[A-Za-z0-9_.=+/~-]{16,2048})`,
    reach: 2_200,
    judge: isRandom,
  },
  {
    kind: 'basic-auth',
    sign: 'asic',
    before: 1,
    flags: 'i',
    source: String.raw`basic(?: |%20){1,2}(?<secret>[A-Za-z0-9+/_-]{8,512}={0,2})`,
    reach: 560,
    judge: isBasic,
  },
  {
    kind: 'basic-auth',
    sign: 'auth',
    source: String.raw`auth\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}"(?<secret>[A-Za-z0-9+/]{8,512}={0,2})(?=\\{0,3}")`,
    reach: 560,
    judge: isBasic,
  },
  {
    kind: 'basic-auth',
    sign: 'auth',
    before: 1,
    source: String.raw`_auth ?= ?"?(?<secret>[A-Za-z0-9+/]{8,512}={0,2})`,
    reach: 560,
    judge: isBasic,
  },
  {
    kind: 'command-password',
    sign: 'curl',
    source: String.raw`curl\b[^\n]{0,300}?[ \t](?:-u|--user|--proxy-user)[ =]?["']?[^\s:"'$]{1,64}:(?<secret>[^\s"'\x60$<{]{4,128})`,
    reach: 560,
    judge: hasDigitOrSign,
  },
  {
    kind: 'command-password',
    sign: 'wget',
    source: String.raw`wget\b[^\n]{0,200}?--(?:http-)?password[ =]["']?(?<secret>[^\s"'\x60$<{]{4,128})`,
    reach: 400,
    judge: hasDigitOrSign,
  },
  {
    kind: 'command-password',
    sign: 'pass',
    before: 2,
    source: String.raw`sshpass -p ?["']?(?<secret>[^\s"'\x60$<{]{4,128})`,
    reach: 160,
  },
  {
    kind: 'command-password',
    sign: 'mysq',
    source: String.raw`mysql(?:dump|admin)?\b[^\n]{0,200}? -p["']?(?<secret>[^\s"'\x60$<{]{4,128})`,
    reach: 360,
    judge: hasDigitOrSign,
  },
  {
    kind: 'command-password',
    sign: 'is-c',
    before: 3,
    source: String.raw`redis-cli\b[^\n]{0,200}? -a ["']?(?<secret>[^\s"'\x60$<{]{4,128})`,
    reach: 360,
  },
  {
    kind: 'command-password',
    sign: 'r lo',
    before: 5,
    source: String.raw`docker login\b[^\n]{0,200}? (?:-p|--password)[ =]["']?(?<secret>[^\s"'\x60$<{]{4,128})`,
    reach: 360,
    judge: hasDigitOrSign,
  },
  {
    kind: 'netrc-password',
    sign: 'ogin',
    before: 1,
    source: String.raw`login(?:\s|\\n){1,4}\S{1,128}(?:\s|\\n){1,4}password(?:\s|\\n){1,4}(?<secret>[^\s"\\]{4,256})`,
    reach: 420,
    judge: hasDigitOrSign,
  },
  {
    kind: 'pgpass-password',
    sign: ':543',
    source: String.raw`:543\d:[^:\s]{1,64}:[^:\s]{1,64}:(?<secret>[^\s:"'$<{\\]{4,256})`,
    reach: 420,
    judge: hasDigitOrSign,
  },
  {
    kind: 'registry-password',
    sign: 'Pass',
    source: String.raw`Password"\s{1,4}value="(?<secret>[^"\s]{8,256})(?=")`,
    reach: 300,
  },
  {
    kind: 'django-secret',
    sign: 'ango',
    before: 2,
    source: String.raw`django-insecure-[^\s"']{40,64}`,
    reach: 90,
  },
];
