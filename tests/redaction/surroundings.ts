/** How a secret stands in a text: its name, and itself. Nothing where no such text is written. */
export type Surrounding = (name: string, secret: string) => string | undefined;

const word = /^[\w-]+$/;

export const surroundings: Readonly<Record<string, Surrounding>> = {
  env: (name, secret) => `HOME=/root\n${name}=${secret}\nLANG=C\n`,
  quotedEnv: (name, secret) => `${name}="${secret}"\n`,
  json: (name, secret) => JSON.stringify({ id: 7, [name]: secret, last: true }),
  jsonInJson: (name, secret) => JSON.stringify({ body: JSON.stringify({ [name]: secret }) }),
  yaml: (name, secret) => `service:\n  ${name}: ${secret}\n  replicas: 2\n`,
  url: (name, secret) =>
    encodeURIComponent(secret) === secret && word.test(name)
      ? `GET https://api.example.org/v1/items?${name}=${secret}&page=2`
      : undefined,
  shell: (name, secret) =>
    word.test(name) ? `export ${name}='${secret}' && ./deploy.sh` : undefined,
  option: (name, secret) =>
    word.test(name)
      ? `tool --${name.toLowerCase().replaceAll('_', '-')} ${secret} --verbose`
      : undefined,
  markdown: (name, secret) => `Set \`${name}=${secret}\` before you start.\n`,
  log: (name, secret) => `2026-11-26T10:00:00Z INFO ${name}: ${secret} accepted\n`,
  source: (name, secret) => (word.test(name) ? `const ${name} = "${secret}";\n` : undefined),
};
