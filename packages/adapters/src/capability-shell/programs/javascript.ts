import type { Row, Family } from './row.ts';

const executing: Row = { lenient: true, does: ['executes'] };
const fetching: Row = {
  lenient: true,
  does: ['external', 'executes'],
  because: 'it fetches packages',
};
const publishing: Row = {
  lenient: true,
  does: ['external', 'irreversible'],
  because: 'it publishes',
};
const asking: Row = { lenient: true, does: ['external'], because: 'it asks a registry' };
const local: Row = { lenient: true, does: ['read'] };
const changing: Row = { lenient: true, does: ['write'] };

const managerOptions =
  'prefix= C= w= workspace= registry=unclear userconfig=unclear globalconfig=unclear cache= cwd= dir= loglevel= filter= F= p= package= ' +
  'script-shell=unclear shell=unclear node-options=unclear shell-emulator s silent q quiet d verbose y!external yes!external no g!irreversible global!irreversible ws workspaces if-present r recursive all A v version stream parallel ' +
  'offline prefer-offline ignore-scripts no-audit no-fund json color? no-color foreground-scripts include-workspace-root no-workspaces reporter= aggregate-output workspace-concurrency= no-bail sort no-sort resume-from= bail otp= topological t j= jobs= interlaced since? include= exclude= from= no-private i immutable frozen-lockfile production long parseable depth= omit= include-dependencies';

const running: Row = { form: 'scripts', options: managerOptions, lenient: true };
const script = (name: string): Row => ({ ...running, script: name });
const npmRunning: Row = { ...running, scattered: true };
const npmScript = (name: string): Row => ({ ...npmRunning, script: name });
const runner: Row = {
  form: 'runner',
  leading: true,
  options: `${managerOptions} c=line call=line no-install prefer-online p=!external package=!external`,
};

const shared: Readonly<Record<string, Row>> = {
  'run|run-script|rum|urn': running,
  'test|t|tst': script('test'),
  start: script('start'),
  stop: script('stop'),
  restart: script('restart'),
  'ls|list|la|ll explain|why root bin prefix help help-search fund docs-local completion licenses':
    local,
  version: { lenient: true, does: ['write', 'executes'] },
  pack: {
    lenient: true,
    does: ['write', 'executes'],
    options: 'pack-destination=write out=write o=write filename=write',
  },
  'install|i|add|in|ins|inst|insta|instal|isnt|isnta|isntal|isntall ci|clean-install|ic|install-clean|isntall-clean install-ci-test|cit|clean-install-test install-test|it update|up|upgrade|udpate rebuild|rb dedupe|ddp link|ln uninstall|remove|unlink|rm|r|un fetch import init|create|innit prune':
    { ...fetching, options: managerOptions },
  'publish|pub': publishing,
  'unpublish deprecate dist-tag dist-tags access owner|author team hook token adduser|add-user login logout profile star unstar stars org|ogr trust undeprecate stage':
    publishing,
  'view|info|show|v outdated audit search|s|se|find ping doctor docs|home repo bugs|issues whoami sbom query-remote diff-remote':
    asking,
  'config|c get set': { form: 'opaque' },
};

/** Programs that come with Node and its packages. */
export const managers: Family = {
  npm: {
    leading: true,
    options: managerOptions,
    shortens: true,
    subcommands: {
      ...shared,
      'run|run-script|rum|urn': npmRunning,
      'test|t|tst': npmScript('test'),
      start: npmScript('start'),
      stop: npmScript('stop'),
      restart: npmScript('restart'),
      'exec|x': runner,
      pkg: changing,
      'query diff cache shrinkwrap': { ...changing, does: ['read', 'write'] },
      'edit explore': { form: 'opaque' },
    },
    cases: {
      'npm test': 'executes',
      'npm run build -- --watch': 'executes',
      'npm ci': 'executes external',
      'npm publish': 'external irreversible',
      'npm pub': 'external irreversible',
      'npm publis --tag next': 'external irreversible',
      'npm --prefix a publish': 'external irreversible',
      'npm exec -- rm a': 'executes unknown',
      "npm exec -c 'rm a'": 'write >a',
      'npm --script-shell=x test': 'executes unknown',
      'npm run a --script-shell=x': 'executes unknown',
      'npm run a -- --script-shell=x': 'executes',
      'npm p': 'unknown',
      'npm explore a -- curl b': 'unknown',
      'cd "$X" && npm test': 'executes',
      'npm frobnicate': 'unknown',
    },
  },
  bun: {
    leading: true,
    options: `${managerOptions} bun smol hot preload=run`,
    subcommands: {
      ...shared,
      'run|run-script|rum|urn': {
        ...running,
        options: `${managerOptions} e=unclear eval=unclear p=unclear print=unclear preload=run`,
      },
      'test|t|tst': executing,
      'exec|x': { ...runner, does: ['external'] },
      build: { ...executing, options: 'outdir=write outfile=write' },
      'repl upgrade': { form: 'opaque' },
    },
    otherwise: { ...running, otherwise: { lenient: true } },
    cases: {
      'bun -e 1': 'executes unknown',
      'bun run -e 1': 'unknown',
      'bun run --print 1': 'unknown',
      'bun test a': 'executes',
      'bun a.test.ts': 'executes',
      'bun --preload ./a.ts b.js': 'read executes <a.ts',
      'bun run test': 'executes',
      'bun publish': 'external irreversible',
      'bun x rimraf@1 a': 'write executes external >a',
    },
  },
  'pnpm yarn corepack': {
    leading: true,
    options: managerOptions,
    subcommands: {
      ...shared,
      'exec|x': { ...runner, onPath: true },
      node: { leading: true, operands: 'run' },
      dlx: { ...runner, does: ['external'] },
      workspace: { form: 'again', leading: true, operands: 'text' },
      workspaces: {
        leading: true,
        subcommands: {
          foreach: { form: 'again', leading: true, lenient: true },
          'info list focus': local,
        },
      },
      build: script('build'),
      'patch patch-commit store dedupe-local constraints plugin set cache policies enable disable prepare use global env self-update server':
        { form: 'opaque' },
      tag: publishing,
      npm: {
        leading: true,
        subcommands: { 'publish login logout tag': publishing, 'audit info whoami': asking },
      },
    },
    otherwise: { ...running, otherwise: { lenient: true } },
    alone: fetching,
    cases: {
      'yarn build --watch': 'executes',
      'pnpm -r run test': 'executes',
      'pnpm publish': 'external irreversible',
      'yarn workspace a publish': 'external irreversible',
      'yarn workspace a build': 'executes',
      'yarn workspaces foreach -A npm publish': 'external irreversible',
      'yarn npm publish': 'external irreversible',
      'pnpm dlx rimraf a': 'write executes external >a',
      'pnpm dlx ls a': 'executes external unknown',
      'pnpm exec ls a': 'read <a',
      'yarn exec rm a': 'write >a',
      yarn: 'executes external',
      'yarn "$X"': 'unknown',
      'pnpm -C a publish': 'external irreversible',
    },
  },
  'npx pnpx bunx': {
    ...runner,
    cases: {
      'npx eslint .': 'executes',
      'npx -y rimraf a': 'write executes external >a',
      'npx ls a': 'executes unknown',
      'npx busybox ls a': 'executes unknown',
      'npx pip list': 'executes unknown',
      'npx npm ls': 'read executes',
      'npx cross-env A=1 ls a': 'read executes <a',
      "npx -c 'rm a'": 'write >a',
      'npx cowsay@1 a': 'executes external unknown',
      'npx -p cowsay eslint .': 'executes external',
      'npx @a/b': 'executes external',
      'npx someone/something': 'executes external',
      'npx github:someone': 'executes external unknown',
      'npx unheard-of': 'executes unknown',
    },
  },
  'npm-run-all run-s run-p npm-run-all2 run-z wsrun': {
    leading: false,
    form: 'run-all',
    lenient: true,
    options: 'max-parallel= s p l n c r',
    cases: { 'run-s lint build': 'executes', 'run-p "$X"': 'executes unknown' },
  },
  'npm-run-posix-or-windows': {
    form: 'scripts',
    cases: { 'npm-run-posix-or-windows a': 'executes' },
  },
  'concurrently concurrent conc': {
    lenient: true,
    options:
      'n= names= c= prefix-colors= p= prefix= k kill-others kill-others-on-fail s= success= m= max-processes= r raw restart-tries= restart-after= l= hide= P t= g i',
    operands: 'lines*',
    form: 'lines',
    cases: {
      'concurrently "rm a" "cat b"': 'read write <b >a',
      'concurrently "$X"': 'unknown',
      'concurrently npm:build': 'executes',
    },
  },
  'wait-on start-server-and-test start-test': {
    form: 'run-all',
    lenient: true,
    cases: { 'start-server-and-test start http://localhost:1 test': 'executes' },
  },
};
