/** One program of an agent, as the package registry has it for this platform. */
export interface Release {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  /** Where the program lies in the package. */
  readonly program: string;
}

type Platforms = Readonly<Record<string, Release>>;

/** The agents that are driven: the package that holds the program itself, with the digest of its content. */
export const releases = {
  claude: {
    'linux-x64': {
      name: '@anthropic-ai/claude-code-linux-x64',
      version: '2.1.329',
      integrity:
        'sha512-+n4lu1ubYAp02Y0X/MAUnxw9yY6SHHZ77F+IoW+V0wVoFuiI9opdH6gofjf14gXJCEYMTNpks7Gn1i8XZTKAWA==',
      program: 'claude',
    },
  },
  codex: {
    'linux-x64': {
      name: '@openai/codex',
      version: '0.169.0-linux-x64',
      integrity:
        'sha512-o05NyAOCDygSPRo1yinzxvkRSdmsZyBD9E7mbpmjRanSfM8lypqWtQgEo4XfNkwhuCR2aFu8mlGOsQGFXVbVww==',
      program: 'vendor/x86_64-unknown-linux-musl/bin/codex',
    },
  },
  opencode: {
    'linux-x64': {
      name: 'opencode-linux-x64',
      version: '1.18.33',
      integrity:
        'sha512-q/t/3p2CTxOT9y2kvjesb/LZab2+1eqlhhWA02Be6mjTtmYtNBcBsrI5yDo4Fw7ZSPBW2oyMIGMNRqiKQjiAWw==',
      program: 'bin/opencode',
    },
  },
} as const satisfies Readonly<Record<string, Platforms>>;

export type AgentName = keyof typeof releases;
