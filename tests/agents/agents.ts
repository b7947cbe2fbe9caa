import type { FakeCall, RecordedRequest } from '@chancery/testkit/fake-llm';
import type { AgentName } from './releases.ts';

/** Where an agent finds its model: a fake of the provider's endpoint, and in nothing else a fake. */
interface Endpoint {
  /** Base address, ending in `/v1`. */
  readonly url: string;
  /** Whether its model is one for which the agent keeps whatever tools it will not be without. */
  readonly isKnown: boolean;
}

/** What has to be known of a coding agent to drive it. */
export interface CodingAgent {
  readonly name: AgentName;
  /** Of its section in the guide. */
  readonly heading: string;
  /** Where the guide says that its file lies, in the home. */
  readonly configFile: string;
  /** Its configuration beside what the guide says: where its model is. */
  readonly modelled: (config: string, endpoint: Endpoint) => Readonly<Record<string, string>>;
  readonly env: (endpoint: Endpoint) => Readonly<Record<string, string>>;
  /** What follows the command of the guide to have it work on a prompt alone. */
  readonly unattended: string;
  /** How its model calls one of our tools. */
  readonly call: (tool: string, args: object) => Pick<FakeCall, 'name' | 'namespace' | 'args'>;
  /** What stands before the names of our tools. */
  readonly prefix: string;
  /** Names of the tools that its model is offered. */
  readonly offered: (request: RecordedRequest) => readonly string[];
  /** Tools of its own that it cannot be without, and that do nothing to files or to the network. */
  readonly keeps: readonly string[];
  /** How its model would write into the checkout with a tool of its own. */
  readonly ownWrite: (file: string) => Omit<FakeCall, 'id'>;
  /** The command without what the guide says: it lets that tool write. */
  readonly ungoverned: string;
  /** Results of the calls so far, as its model is given them. */
  readonly results: (request: RecordedRequest) => readonly string[];
  /** What it calls itself. */
  readonly client: RegExp;
}

type Item = Readonly<Record<string, unknown>>;

const itemsOf = (value: unknown): readonly Item[] =>
  Array.isArray(value) ? (value as Item[]) : [];
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

const claude: CodingAgent = {
  name: 'claude',
  heading: 'Claude Code',
  configFile: 'chancery.mcp.json',
  modelled: () => ({}),
  env: ({ url }) => ({
    ANTHROPIC_BASE_URL: url.replace(/\/v1$/, ''),
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_MODEL: 'claude-sonnet-4-5',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  }),
  unattended: '-p "Do it" --output-format stream-json --verbose',
  call: (tool, args) => ({ name: `mcp__chancery__${tool}`, args: JSON.stringify(args) }),
  prefix: 'mcp__chancery__',
  offered: ({ body }) => itemsOf(body['tools']).map(({ name }) => String(name)),
  keeps: [],
  ownWrite: (file) => ({ name: 'Bash', args: JSON.stringify({ command: `touch ${file}` }) }),
  ungoverned: 'claude --allowedTools Bash',
  results: ({ body }) =>
    itemsOf(body['messages'])
      .flatMap(({ content }) => itemsOf(content))
      .filter(({ type }) => type === 'tool_result')
      .map(({ content }) => textOf(content)),
  client: /^claude-code 2\.1\.329$/,
};

const codexProvider = { name: 'fake', env_key: 'FAKE_KEY', wire_api: 'responses' };

function codexConfig(config: string, { url, isKnown }: Endpoint): string {
  const model = { model: isKnown ? 'gpt-5.5' : 'fake-1', model_provider: 'fake' };
  const lines = (members: object): string =>
    Object.entries(members)
      .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
      .join('');
  const provider = lines({ ...codexProvider, base_url: url });
  return `${lines(model)}${config}\n[model_providers.fake]\n${provider}`;
}

const codex: CodingAgent = {
  name: 'codex',
  heading: 'Codex',
  configFile: '.codex/config.toml',
  modelled: (config, endpoint) => ({ '.codex/config.toml': codexConfig(config, endpoint) }),
  env: () => ({ FAKE_KEY: 'none' }),
  unattended: 'exec --json "Do it"',
  call: (tool, args) => ({
    namespace: 'mcp__chancery',
    name: tool,
    args: JSON.stringify(args),
  }),
  prefix: 'mcp__chancery/',
  offered: ({ body }) =>
    itemsOf(body['tools']).flatMap(({ name, type, tools }) =>
      type === 'namespace'
        ? itemsOf(tools).map((tool) => `${String(name)}/${String(tool['name'])}`)
        : [String(name ?? type)],
    ),
  keeps: [
    'list_mcp_resources',
    'list_mcp_resource_templates',
    'read_mcp_resource',
    'request_user_input',
  ],
  ownWrite: (file) => ({
    name: 'apply_patch',
    takesText: true,
    args: `*** Begin Patch\n*** Add File: ${file}\n+its own\n*** End Patch\n`,
  }),
  ungoverned: 'codex --sandbox danger-full-access',
  results: ({ body }) =>
    itemsOf(body['input'])
      .filter(({ type }) => String(type).endsWith('call_output'))
      .map(({ output }) => textOf(output)),
  client: /^codex-mcp-client 0\.169\.0$/,
};

const opencode: CodingAgent = {
  name: 'opencode',
  heading: 'OpenCode',
  configFile: 'chancery.opencode.json',
  modelled: (config, { url }) => ({
    '.config/opencode/opencode.json': JSON.stringify({
      model: 'fake/fake-1',
      small_model: 'fake/fake-1',
      share: 'disabled',
      provider: {
        fake: {
          npm: '@ai-sdk/openai-compatible',
          name: 'fake',
          options: { baseURL: url, apiKey: 'none' },
          models: { 'fake-1': { name: 'fake', limit: { context: 100_000, output: 4_000 } } },
        },
      },
    }),
  }),
  env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' }),
  unattended: 'run --format json "Do it"',
  call: (tool, args) => ({ name: `chancery_${tool}`, args: JSON.stringify(args) }),
  prefix: 'chancery_',
  offered: ({ body }) =>
    itemsOf(body['tools']).map(({ function: tool }) => String((tool as Item)['name'])),
  keeps: [],
  ownWrite: (file) => ({
    name: 'bash',
    args: JSON.stringify({ command: `touch ${file}`, description: 'Makes a file' }),
  }),
  ungoverned: 'opencode',
  results: ({ body }) =>
    itemsOf(body['messages'])
      .filter(({ role }) => role === 'tool')
      .map(({ content }) => textOf(content)),
  client: /^opencode 1\.18\.33$/,
};

export const codingAgents: readonly CodingAgent[] = [claude, codex, opencode];
