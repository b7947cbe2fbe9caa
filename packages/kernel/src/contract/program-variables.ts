/** Variables of the environment by which a program runs another one, loads code, or reads words as something else. */
const names: ReadonlySet<string> = new Set(
  (
    'PATH IFS ENV BASH_ENV SHELLOPTS BASHOPTS PS0 PS1 PS2 PS3 PS4 PROMPT_COMMAND CDPATH HOME SHELL ' +
    'NODE_OPTIONS NODE_PATH PERL5OPT PERL5LIB PERL5DB RUBYOPT RUBYLIB PYTHONSTARTUP PYTHONPATH PYTHONHOME ' +
    'PYTHONWARNINGS PYTHONBREAKPOINT JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS MAVEN_OPTS GRADLE_OPTS ' +
    'EDITOR VISUAL PAGER BROWSER MANPAGER LESSOPEN LESSCLOSE TAR_OPTIONS ZIPOPT UNZIP GREP_OPTIONS ' +
    'RIPGREP_CONFIG_PATH MAKEFLAGS MAKEFILES CC CXX LD AR RUSTC RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER RUSTDOC ' +
    'DOCKER_HOST KUBECONFIG KUBE_EDITOR CODEX_HOME RSYNC_RSH CVS_RSH SUDO_ASKPASS SSH_ASKPASS ' +
    'http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY'
  ).split(' '),
);

/** All variables that begin so. */
const prefixes =
  /^(?:LD_|DYLD_|GIT_|SSH_|BASH_FUNC_|npm_config_|NPM_CONFIG_|YARN_|PNPM_|CARGO_(?:BUILD|TARGET|ALIAS)|CHANCERY_)/;

/** Whether a variable of the environment may have another program run, or code loaded. */
export function isProgramVariable(name: string): boolean {
  return names.has(name) || prefixes.test(name);
}
