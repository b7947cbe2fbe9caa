import { describe, expect, test } from 'vitest';
import { isProgramVariable } from './index.ts';

describe('a variable that changes which programs run', () => {
  test.each(
    (
      'LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES PATH BASH_ENV ENV IFS NODE_OPTIONS ' +
      'PYTHONPATH PERL5OPT RUBYOPT GIT_SSH_COMMAND GIT_EXTERNAL_DIFF GIT_CONFIG_COUNT npm_config_script_shell ' +
      'BASH_FUNC_ls%% https_proxy CHANCERY_HOME'
    ).split(' '),
  )('is %s', (name) => {
    expect(isProgramVariable(name)).toBe(true);
  });

  test.each(
    'TOKEN KEY API_KEY GITHUB_TOKEN GITLAB_TOKEN NPM_TOKEN CARGO_REGISTRY_TOKEN PGPASSWORD MY_LD_PATH PATHS'.split(
      ' ',
    ),
  )('is none of %s', (name) => {
    expect(isProgramVariable(name)).toBe(false);
  });
});
