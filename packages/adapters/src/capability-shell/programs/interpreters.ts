import type { Row, Family } from './row.ts';

const executing: Row = { lenient: true, does: ['executes'] };
const fetching: Row = {
  lenient: true,
  does: ['external', 'executes'],
  because: 'it fetches packages',
};

/** Of Node, as `node --help` tells them, and flags of V8, which have their value in the same word. */
const nodeOptions =
  'e=node eval=node p=node print=node pe=node r=run require=run import=run loader=run experimental-loader=run run=unclear ' +
  'c check i!unclear interactive!unclear v version h help C= conditions= input-type= title= env-file=read env-file-if-exists=read ' +
  'test test-only test-update-snapshots test-force-exit test-randomize experimental-test-coverage experimental-test-module-mocks experimental-test-snapshots ' +
  'test-reporter=run test-reporter-destination=write test-name-pattern= test-skip-pattern= test-timeout= test-concurrency= test-isolation= experimental-test-isolation= test-shard= test-random-seed= ' +
  'test-coverage-lines= test-coverage-functions= test-coverage-branches= test-coverage-include= test-coverage-exclude= test-global-setup=run test-rerun-failures=edit ' +
  'watch watch-path= watch-preserve-output watch-kill-signal= inspect? inspect-brk? inspect-wait? inspect-port= debug-port= ' +
  'cpu-prof!write cpu-prof-dir=write cpu-prof-name=write cpu-prof-interval= heap-prof!write heap-prof-dir=write heap-prof-name=write heap-prof-interval= prof!write ' +
  'report-dir=write report-directory=write report-filename=write report-signal= report-on-signal!write report-on-fatalerror!write report-uncaught-exception!write report-compact report-exclude-env report-exclude-network ' +
  'diagnostic-dir=write redirect-warnings=write trace-event-categories=!write trace-event-file-pattern=write heapsnapshot-near-heap-limit=!write heapsnapshot-signal=!write localstorage-file=edit tls-keylog=write ' +
  'icu-data-dir=read openssl-config=unclear experimental-sea-config=unclear build-sea=unclear ' +
  'unhandled-rejections= dns-result-order= disable-warning= disable-proto= secure-heap= secure-heap-min= v8-pool-size= max-http-header-size= tls-cipher-list= max-old-space-size-percentage= ' +
  'enable-source-maps pending-deprecation throw-deprecation trace-deprecation trace-warnings trace-uncaught trace-exit trace-sigint trace-sync-io trace-promises abort-on-uncaught-exception ' +
  'preserve-symlinks preserve-symlinks-main frozen-intrinsics insecure-http-parser openssl-legacy-provider jitless track-heap-objects use-system-ca use-bundled-ca use-openssl-ca permission permission-audit ' +
  'experimental-vm-modules experimental-import-meta-resolve experimental-strip-types experimental-transform-types experimental-eventsource experimental-webstorage experimental-addon-modules experimental-print-required-tla ' +
  'no-warnings no-deprecation no-addons no-strip-types no-experimental-strip-types no-experimental-detect-module no-experimental-require-module no-experimental-websocket no-experimental-sqlite no-experimental-global-navigator no-experimental-repl-await no-global-search-paths no-network-family-autoselection ' +
  'max-old-space-size? max_old_space_size? max-semi-space-size? max-heap-size? stack-size? stack-trace-limit? hash-seed? random-seed? expose-gc expose_gc allow-natives-syntax harmony no-opt predictable predictable-gc-schedule interpreted-frames-native-stack ' +
  'no-concurrent-sweeping no-minor-gc-task no-maglev always-sparkplug invariants';

/** Code and files that are run; a value that an option takes unseen would have what stands behind it run. */
const interpreting: Row = { form: 'script', leading: true, exact: true };

const denoOptions =
  'A allow-all R allow-read? W allow-write? E allow-env? S allow-sys? N!external allow-net?!external I!external allow-import?!external allow-run? allow-ffi? no-prompt c= config=read no-config import-map=read lock? no-lock frozen? ' +
  'r!external reload?!external cached-only no-remote no-npm check? no-check? node-modules-dir? vendor? env-file? v8-flags? watch? inspect? inspect-brk? inspect-wait? preload=run import=run location= seed= ext= cert=read L= log-level= q quiet h help V version';

const denoRunning: Row = { leading: true, exact: true, operands: 'run', options: denoOptions };

/** Interpreters of JavaScript. */
export const interpreters: Family = {
  'node nodejs': {
    ...interpreting,
    options: nodeOptions,
    operands: 'node',
    cases: {
      'node build.js --out a': 'read executes <build.js',
      'node --test': 'executes',
      'node -p \'require("./package.json").version\'': 'executes',
      "node -e \"require('child_process').exec('rm a')\"": 'unknown',
      'node -e \'fetch("http://a")\'': 'unknown',
      'node -e "$X"': 'unknown',
      'echo x | node': 'unknown',
      'node "$X"': 'unknown',
      'node --cpu-prof -e 1': 'write executes',
      'node --report-filename a b.js': 'read write executes <b.js >a',
      'node --max-old-space-size=100 a.js': 'read executes <a.js',
      'node --unheard-of a.js': 'read executes unknown <a.js',
      'node --titl a b.js': 'read executes unknown <a',
      'node --title -e a': 'read executes unknown <a',
      "node --import 'data:text/javascript,1' a.js":
        'read executes unknown <a.js <data:text/javascript,1',
      "node -r ./a 'data:text/javascript,1'": 'read executes unknown <a <data:text/javascript,1',
      'node -i -e 1': 'executes unknown',
      'node inspect a.js': 'read executes unknown <inspect',
    },
  },
  'tsx tsm oxnode': {
    ...interpreting,
    options: `${nodeOptions} tsconfig= no-cache`,
    operands: 'node',
    cases: {
      'tsx src/a.ts': 'read executes <src/a.ts',
      'tsx --conditions x -e "$X"': 'unknown',
      'tsx --unheard-of x -e 1': 'read executes unknown <x',
    },
  },
  'ts-node ts-node-esm ts-node-script': {
    ...interpreting,
    options:
      'e=node eval=node p=node print=node pe=node r=run require=run P= project= O= compilerOptions= compiler-options= C= compiler= D= ignoreDiagnostics= ignore-diagnostics= I= ignore= cwd= ' +
      'T transpileOnly transpile-only swc esm files pretty H logError log-error emit preferTsExts prefer-ts-exts skipProject skip-project skipIgnore skip-ignore showConfig i!unclear interactive!unclear v version h help',
    operands: 'node',
    cases: {
      'ts-node -T src/a.ts': 'read executes <src/a.ts',
      'ts-node -e "$X"': 'unknown',
      'ts-node --cwd-mode x -e 1': 'read executes unknown <x',
    },
  },
  'nodemon node-dev ts-node-dev': {
    ...interpreting,
    options:
      'x=line exec=line r=run require=run w= watch= i= ignore= e= ext= d= delay= s= signal= cwd= config=run q quiet V verbose L legacy-watch C on-change-only spawn I no-stdin ' +
      'inspect? inspect-brk? enable-source-maps no-warnings trace-warnings respawn transpile-only notify= v version h help',
    cases: {
      'nodemon -e js,ts a.js': 'read executes <a.js',
      "nodemon -x 'rm a'": 'unknown write >a',
      "nodemon --delay 1 -x 'rm a'": 'unknown write >a',
      'nodemon --inspect a.js': 'read executes <a.js',
      'nodemon --unheard-of a.js': 'read executes unknown <a.js',
    },
  },
  'esno babel-node esr swc-node vite-node jiti electron zx node-ts coffee': {
    ...interpreting,
    options:
      'e=unclear eval=unclear p=unclear print=unclear r=run require=run import=run c=read config=read quiet verbose v version h help',
    cases: {
      'zx a.mjs': 'read executes <a.mjs',
      'coffee -e 1': 'unknown',
      'electron --unheard-of a': 'read executes unknown <a',
    },
  },
  deno: {
    leading: true,
    exact: true,
    options: denoOptions,
    subcommands: {
      'run serve': denoRunning,
      'test bench check lint fmt doc task info compile bundle types coverage clean': executing,
      eval: { exact: true, operands: 'node', options: `${denoOptions} p print` },
      'install add remove uninstall cache publish upgrade outdated jsr': fetching,
      'repl jupyter lsp': { form: 'opaque' },
    },
    otherwise: denoRunning,
    cases: {
      'deno test': 'executes',
      'deno a.ts': 'read executes <a.ts',
      'deno run --allow-net a.ts': 'read executes external <a.ts',
      'deno run -RN a.ts': 'read executes external <a.ts',
      'deno run --allow-read=. a.ts': 'read executes <a.ts',
      'deno "$X"': 'unknown',
      'deno --location x eval "$X"': 'unknown',
      'deno run --unheard-of x a.ts': 'read executes unknown <x',
      'deno eval 1': 'executes',
      'deno eval --unheard-of 1': 'executes unknown',
      'deno run data:text/javascript,1': 'read executes unknown <data:text/javascript,1',
    },
  },
};
