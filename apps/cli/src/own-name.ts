/** What a person types to run this command again: under npm no `chancery` need be on the PATH. */
export function ownName(env: NodeJS.ProcessEnv): string {
  // Another project's script that calls us has its own name here, and no script of ours.
  const ofOurs = env['npm_package_name'] === 'chancery' && env['npm_lifecycle_event'] !== undefined;
  return ofOurs ? 'npm run chancery --' : 'chancery';
}

/** A word as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
