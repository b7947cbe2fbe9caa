/** Finds secrets by their looks. */
export interface SecretDetector {
  readonly kind: string;
  /** Source of a pattern that whatever `pattern` finds begins with or holds, and that is fast to look for. */
  readonly sign: string;
  /**
   * Global; each runs in time linear in the text: a repetition is bounded, or what follows it
   * cannot fail, or it starts only where a run of its characters starts. When it has a group
   * `secret`, that alone is the secret.
   */
  readonly pattern: RegExp;
}

/** The start of a word, which may follow the escape of a line break or tab in JSON. */
const wordStart = String.raw`(?:(?<![\w-])|(?<=\\[nrt]))`;

export const secretDetectors: readonly SecretDetector[] = [
  {
    kind: 'private-key',
    sign: '-----BEGIN ',
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,16384}(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
  },
  {
    kind: 'aws-key',
    sign: 'A[KS]IA',
    pattern: /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  { kind: 'github-token', sign: 'gh[opsur]_', pattern: /gh[opsur]_[A-Za-z0-9]{36,}/g },
  { kind: 'github-token', sign: 'github_pat_', pattern: /github_pat_[A-Za-z0-9_]{22,}/g },
  { kind: 'gitlab-token', sign: 'glpat-', pattern: /glpat-[A-Za-z0-9_-]{20,}/g },
  { kind: 'slack-token', sign: 'xox[abeoprs]-', pattern: /xox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'anthropic-key', sign: 'sk-', pattern: /sk-ant-[A-Za-z0-9_-]{20,}/g },
  {
    kind: 'openai-key',
    sign: 'sk-',
    pattern: /sk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,})/g,
  },
  { kind: 'google-key', sign: 'AIza', pattern: /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { kind: 'stripe-key', sign: 'k_live_', pattern: /[rs]k_live_[A-Za-z0-9]{16,}/g },
  { kind: 'npm-token', sign: 'npm_', pattern: /npm_[A-Za-z0-9]{36,}/g },
  {
    kind: 'jwt',
    sign: 'eyJ',
    pattern: new RegExp(
      String.raw`${wordStart}eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}`,
      'g',
    ),
  },
  {
    kind: 'url-password',
    sign: '://',
    pattern:
      /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/'"]{0,128}:(?!\[redacted:)(?<secret>[^\s@/'"`<>${}]{3,256})@/dg,
  },
];

const anySign = new RegExp([...new Set(secretDetectors.map(({ sign }) => sign))].join('|'));

/** Whether a detector may find something: false of nearly all texts, and told by one quick look. */
export function mayHoldSecret(text: string): boolean {
  return anySign.test(text);
}
