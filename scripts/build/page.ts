import { createHash } from 'node:crypto';

const places = {
  policy: '<!-- policy -->',
  style: '<style></style>',
  script: '<script type="module"></script>',
};

/**
 * One file with style and program inside. The policy lets run what is in it and forbids every
 * connection, so that what is dropped on the page cannot leave it.
 */
export function pageText(template: string, style: string, script: string): string {
  // A script element ends at its end tag wherever that stands.
  const safe = script.replaceAll('</script', '<\\/script');
  const policy = `default-src 'none'; script-src '${hashOf(safe)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  return [
    [places.policy, meta],
    [places.style, `<style>${style}</style>`],
    [places.script, `<script type="module">${safe}</script>`],
  ].reduce((text, [place = '', content = '']) => filled(text, place, content), template);
}

function filled(text: string, place: string, content: string): string {
  const [before, after, ...more] = text.split(place);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`the page has ${place} not exactly once`);
  }
  return before + content + after;
}

function hashOf(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
