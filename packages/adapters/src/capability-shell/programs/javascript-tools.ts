import type { Row, Family } from './row.ts';

const executing: Row = { lenient: true, does: ['executes'] };
const publishing: Row = {
  lenient: true,
  does: ['external', 'irreversible'],
  because: 'it publishes',
};

/** Programs of packages that test, check, build and format: they run code and settings of the project. */
export const javascriptTools: Family = {
  'jest playwright-test vitest mocha _mocha ava tap tape taptest tape-run uvu jasmine karma qunit lab c8 nyc istanbul cypress playwright testcafe wdio nightwatch stryker borp poku web-test-runner wtr testem zunit tst bench tinybench benchmark mitata hyperfine autocannon airtap zuul floss size-limit bundlesize bundlewatch attw are-the-types-wrong publint arethetypeswrong tsd tsd-lite dtslint dts-lint check-dts expect-type type-coverage typesync node-tap tap-spec tap-dot tap-nyan tap-mocha-reporter faucet covert duo-test aegir twd jsverify nodeunit vows tap-parser tap-min tap-diff is-my-node browserify-test smokestack electron-mocha mochify intern eslint-find-rules test262-harness hereby monocart mcr tstyche esmock vitest-browser cucumber-js polendina polendina-node taper check-side-effects nve should-semantic-release downlevel-dts dts-check':
    {
      lenient: true,
      does: ['executes'],
      operands: 'text*',
      options:
        'coverage-directory=write coverageDirectory=write outputFile=write output-file=write report-dir=write reports-dir=write o=write out=write',
      cases: {
        'jest --ci --coverage': 'executes',
        'vitest run --outputFile=a': 'write executes >a',
      },
    },
  'tsc vp webpack-dev-server marked-man gen-esm-wrapper gzip-size cake unrun dts-bundle sorcery vue-tsc tsgo tsc-alias tspc ttsc svelte-check astro-check esbuild swc babel rollup rolldown webpack webpack-cli vite parcel tsup tsdown unbuild microbundle microbundle-crl bunchee pkgroll ncc browserify watchify uglifyjs terser google-closure-compiler closure-compiler cssnano postcss postcss-cli sass node-sass lessc stylus tailwindcss api-extractor api-documenter typedoc jsdoc documentation jsdoc2md jsdoc-to-markdown dts-bundle-generator dts-buddy rollup-plugin-dts rslib rspack rsbuild rsc gulp grunt jake brunch bublé buble sucrase vue-cli-service react-scripts react-app-rewired next nuxt nuxi gatsby astro svelte-kit remix react-router ng ember expo metro react-native storybook start-storybook build-storybook docusaurus vitepress vuepress eleventy hexo docsify slidev preconstruct kcd-scripts dumi father bob tsdx aria-build pika packelf pkg nexe node-gyp node-gyp-build node-pre-gyp prebuild prebuildify prebuild-install cmake-js neon napi wasm-pack asc assemblyscript coffee-script lsc civet peggy pegjs jison nearleyc antlr4ts json2ts json-schema-to-typescript quicktype openapi-typescript graphql-codegen protoc pbjs pbts buf prisma drizzle-kit typeorm sequelize knex mikro-orm i18next lingui formatjs svgo svgr imagemin cpx-build ts-patch ts-json-schema-generator typescript-json-schema unplugin obuild mkdist tshy zshy ipjs dnt ts-to-zod orval ultra-runner roll napa pegjs-cli regenerate regexgen ajv ajv-cli json-dereference vuese styleguidist marko-cli stencil lit-analyzer wca cem custom-elements-manifest unicode-build workbox modern-node lasso budo beefy wzrd serve http-server live-server sirv light-server browser-sync json-server httpster verdaccio-local madge skott dependency-graph cost-of-modules source-map-explorer webpack-bundle-analyzer rollup-plugin-visualizer jscodeshift ts-morph ttypescript tsc-watch tsc-multi typescript-bundle ts-simple-type tsx-build bit modular ice-scripts umi max fis3 poi bili rollem asbuild rescript res bsb elm spago purs pulp shadow-cljs':
    {
      lenient: true,
      does: ['executes'],
      operands: 'text*',
      options:
        'outDir=write outdir=write out-dir=write outfile=write outFile=write out-file=write o=write output=write d=write dist=write declarationDir=write tsBuildInfoFile=write ' +
        'onSuccess=line on-success=line onFailure=line',
      cases: {
        'tsc -p . --outDir a': 'write executes >a',
        'esbuild a.ts --outfile=b': 'write executes >b',
        'vite build': 'executes',
        'tsup --onSuccess "rm a"': 'write executes >a',
      },
    },
  'eslint eslint_d snazzy cpplint lintspaces prettier prettierd biome rome oxlint oxfmt dprint xo standard standardx semistandard ts-standard neostandard tslint jshint jslint jscs stylelint markdownlint markdownlint-cli2 markdownlint-cli remark remark-cli alex write-good textlint cspell spellchecker htmlhint html-validate jsonlint yaml-lint yamllint editorconfig-checker ec eclint lockfile-lint lockfile-lint-api sort-package-json fixpack npmPkgJsonLint npmpkgjsonlint format-package prettier-package-json syncpack depcheck knip ts-prune ts-unused-exports unimported dependency-cruiser depcruise dpdm jscpd plato es-check eslint-doc-generator eslint-config-prettier eslint-docs installed-check check-dependencies check-dependency-version-consistency npm-check license-checker license-checker-rseidelsohn legally nlf list-dependencies validate-commit-msg commitlint commitizen cz git-cz lint-staged nano-staged pretty-quick husky simple-git-hooks lefthook pre-commit yorkie ghooks is-ci in-publish not-in-publish in-install is-in-ci node-version-check check-node-version ls-engines only-allow npm-only-allow if-env if-node-version run-if-changed envinfo echo-cli cli-confirm doctoc markdown-toc markdown-link-check markdown-magic linkinator-local all-contributors auto-changelog conventional-changelog git-cliff standard-version commit-and-tag-version genversion replace replace-in-file replace-in-files-cli json json5 rexreplace renovate-config-validator pkg-ok pkg-pr-check npmignore can-npm-publish publish-please clean-publish clean-package clean-pkg-json pinst patch-package yarn-deduplicate npm-merge-driver gitpkg-local eclint-fix check-export-map check-exports esm-check require-sugar lint-md mdlint remark-lint template-oss-check template-oss-apply aud eslint-index lintspec es-lint jsonlint-mod zx-lint svelte-lint vls purgecss purifycss uncss tsl gts rslint sheriff verify-package-json ts-migrate dotenvx-local node-deptree proof fixjs lerna-lint manypkg check-peer-dependencies are-we-esm attw-check verify-deps npm-dview projen-lint hygen plop yeoman yo scaffdog contributor-faces generate-changelog changelogen changeset-status reassure auto-install safe-publish-latest evalmd npmignore-check hashfiles lockfile-check stats-check version-check':
    {
      lenient: true,
      does: ['executes'],
      operands: 'text*',
      options: 'o=write output-file=write output=write publish!external',
      cases: {
        'eslint . --fix': 'executes',
        'prettier --write .': 'executes',
        'eslint -o a .': 'write executes >a',
      },
    },
  lerna: {
    leading: true,
    lenient: true,
    subcommands: {
      'run ls la ll list changed diff info create import clean': executing,
      exec: { leading: true, lenient: true, does: ['executes'], operands: 'command' },
      'bootstrap add link': { ...executing, does: ['external', 'executes'] },
      publish: publishing,
      version: publishing,
    },
    cases: {
      'lerna run build': 'executes',
      'lerna publish': 'external irreversible',
      'lerna exec -- rm a': 'write executes >a',
    },
  },
  'nx turbo rush wireit moon lage backfill nps bazel bazelisk just task ultra': {
    leading: true,
    lenient: true,
    subcommands: {
      'release publish deploy login link connect': publishing,
      exec: { leading: true, lenient: true, operands: 'command' },
    },
    otherwise: executing,
    alone: executing,
    does: ['executes'],
    cases: {
      'turbo run build': 'executes',
      'nx release': 'executes external irreversible',
      'nx exec -- rm a': 'write executes >a',
    },
  },
  changeset: {
    leading: true,
    lenient: true,
    subcommands: { 'status version add init pre': executing, 'publish tag': publishing },
    alone: executing,
    cases: { 'changeset status': 'executes', 'changeset publish': 'external irreversible' },
  },
  'np-ci jsr bumpp bumped release-please semantic-release-cli npm-publish publish-browser cross-publish':
    {
      ...publishing,
      cases: { 'bumpp --push': 'external irreversible' },
    },
  'onchange chokidar watchexec entr cmd-watch': {
    form: 'opaque',
    cases: { 'onchange "*.ts" -- rm a': 'unknown' },
  },
};
