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

/** Compilers, build tools and what belongs to them. */
export const native: Family = {
  'make gmake bmake': {
    form: 'make',
    does: ['executes'],
    options:
      'C= f=read j? l? o= W= I= B b d e i k n p q r R s S t v w m directory= file=read makefile=read jobs? load-average? include-dir= always-make dry-run just-print environment-overrides ignore-errors keep-going print-data-base question no-builtin-rules silent quiet touch print-directory no-print-directory warn-undefined-variables output-sync? O? debug? trace eval=unclear version help check-symlink-times assume-new= assume-old=',
    cases: {
      'make -j4 test': 'executes',
      'make X=1 all': 'executes',
      "make --eval='x:;rm a'": 'executes unknown',
      'make SHELL=x': 'executes unknown',
      'make CC=x': 'executes unknown',
    },
  },
  'cmake ctest cpack ninja samu meson bear ccmake qmake autoreconf autoconf automake aclocal autoheader libtoolize configure bootstrap.sh scons waf xmake premake5 gn gyp buck buck2 pants please tup redo b2 bjam':
    {
      lenient: true,
      does: ['executes'],
      operands: 'text*',
      options: 'B=write P=run',
      cases: {
        'cmake -S . -B build': 'write executes >build',
        'cmake -P a.cmake': 'read executes <a.cmake',
        'ctest -V': 'executes',
      },
    },
  'gcc g++ cc c++ clang clang++ clang-tidy clang-format clang-check cpp ld ar ranlib as strip gcov lcov genhtml gcovr llvm-cov llvm-profdata cppcheck valgrind swiftc rustc ghc dmd gfortran nasm yasm zig nim odin v crystal fpc tcc emcc em++ javac javap jar javadoc kotlinc scalac groovyc ocamlc ocamlopt ocamlfind erlc elixirc nvcc rustfmt gofmt goimports golangci-lint staticcheck revive govulncheck errcheck ktlint detekt checkstyle google-java-format scalafmt swiftlint swiftformat shellcheck shfmt hadolint actionlint luacheck stylua tflint buildifier checkmake rubocop':
    {
      lenient: true,
      single: true,
      does: ['executes'],
      operands: 'text*',
      options:
        'o=write d=write out-dir=write wrapper=unclear B=text include= I= L= l= D= MF=write w= i=',
      cases: {
        'gcc -O2 -o a a.c': 'write executes >a',
        'gofmt -l .': 'executes',
        'gcc -wrapper curl a.c': 'executes unknown',
        'shellcheck a.sh': 'executes',
      },
    },
  go: {
    single: true,
    leading: true,
    options: 'C=',
    subcommands: {
      run: {
        lenient: true,
        single: true,
        leading: true,
        does: ['executes'],
        operands: 'run text*',
        options: 'exec=program toolexec=program',
      },
      'build test vet fmt generate list env version doc tool clean fix bug telemetry': {
        lenient: true,
        single: true,
        does: ['executes'],
        options:
          'o=write exec=program toolexec=program vettool=program coverprofile=write cpuprofile=write memprofile=write blockprofile=write mutexprofile=write trace=write outputdir=write run= w!unclear modcacheclean',
      },
      'get install mod work': fetching,
    },
    cases: {
      'go test ./...': 'executes',
      'go build -o a .': 'write executes >a',
      'go test -exec "rm a" .': 'write executes unknown >a',
      'go vet -vettool=curl .': 'executes external unknown',
      'go run a.go -o b': 'read executes <a.go',
      'go run a.org/b@latest': 'read executes external <a.org/b@latest',
      'go get a': 'executes external',
      'go frobnicate': 'unknown',
    },
  },
  cargo: {
    leading: true,
    options:
      'q quiet v verbose V version locked offline frozen color= Z= config=unclear C= list explain=',
    subcommands: {
      'build|b check|c test|t run|r clippy fmt doc|d bench clean metadata tree verify-project locate-project pkgid nextest llvm-cov tarpaulin miri expand fix version help read-manifest config package hack deny-local machete udeps criterion insta semver-checks':
        {
          lenient: true,
          does: ['executes'],
          options:
            'config=unclear target-dir=write out-dir=write artifact-dir=write manifest-path=read Z=',
        },
      'add remove|rm fetch update install uninstall search vendor generate-lockfile info new init audit deny outdated binstall':
        { ...fetching, options: 'config=unclear' },
      'publish yank owner login logout release': publishing,
    },
    cases: {
      'cargo test --all': 'executes',
      'cargo t': 'executes',
      'cargo +nightly build': 'executes',
      'cargo publish': 'external irreversible',
      'cargo --config a=b build': 'executes unknown',
      'cargo frobnicate': 'unknown',
    },
    form: 'cargo',
  },
  'gradle gradlew mvn mvnw ant sbt lein mill bazel-jvm java kotlin scala clojure clj groovy': {
    lenient: true,
    does: ['executes'],
    form: 'tasks',
    operands: 'text*',
    cases: {
      './gradlew test': 'executes',
      'mvn -q verify': 'executes',
      'gradle publish': 'executes external irreversible',
      'mvn exec:exec': 'executes unknown',
      'mvn clean deploy': 'executes external irreversible',
    },
  },
  'dotnet msbuild xbuild nuget': {
    leading: true,
    lenient: true,
    subcommands: {
      'build test run clean format list sln new watch ef fsi msbuild vstest pack': executing,
      'restore add remove tool workload publish install': fetching,
      'nuget push': publishing,
    },
    otherwise: executing,
    alone: executing,
    cases: {
      'dotnet test': 'executes',
      'dotnet nuget push a': 'external irreversible',
      'dotnet restore': 'executes external',
    },
  },
  'swift mix rebar3 stack cabal dune opam flutter dart pub composer bundle bundler gem rake rspec rails phpunit phpstan psalm pest php-cs-fixer phpcs phpcbf artisan mint minitest cucumber brakeman standardrb sorbet tapioca hex xcodebuild xcrun pod fastlane carthage':
    {
      leading: true,
      lenient: true,
      does: ['executes'],
      subcommands: {
        'install update upgrade add require remove get outdated fetch resolve deps.get package outdated-check':
          { ...fetching },
        'push publish hex.publish upload release deploy yank deliver trunk': publishing,
        exec: { leading: true, lenient: true, operands: 'command' },
      },
      otherwise: executing,
      alone: executing,
      cases: {
        'mix test': 'executes',
        'gem push a': 'executes external irreversible',
        'bundle exec rspec': 'executes',
        'composer install': 'executes external',
      },
    },
  openssl: {
    leading: true,
    subcommands: {
      's_client s_server s_time ocsp cmp ts': { lenient: true, does: ['external'] },
      'version dgst rand x509 req genrsa rsa genpkey pkey pkeyutl enc sha256 base64 verify ecparam ec ca pkcs12 asn1parse prime speed list ciphers crl':
        {
          lenient: true,
          single: true,
          options:
            'out=write keyout=write in=read engine=unclear provider=unclear provider-path=unclear config=read',
        },
    },
    cases: {
      'openssl rand -hex 8': '',
      'openssl s_client -connect a': 'external',
      'openssl req -engine x': 'unknown',
      'openssl genrsa -out a': 'write >a',
    },
  },
  sqlite3: { form: 'opaque', cases: { 'sqlite3 a "select 1"': 'unknown' } },
};
