import type { Role } from '../contract/index.ts';
import type {
  CommandExecutor,
  Condition,
  Executor,
  HttpExecutor,
  JsonTemplate,
  McpExecutor,
  Template,
} from './model.ts';
import { isOwnHeader } from './own-header.ts';
import { readAgain } from './reparsed.ts';
import { isScalar, type Shape } from './shape.ts';
import { onlyPlace, ownPlaces, readTemplate, templatesIn, type TemplatePart } from './template.ts';

/** What the templates of an executor may name. */
export interface Named {
  readonly args: Shape;
  readonly roles: Readonly<Record<string, Role>>;
  /** Of what reconciles, which has no time of its own. */
  readonly conditions?: readonly Condition[];
}

type Wrong = string | undefined;

/** Why an executor does not go together with the arguments that it is given. */
export function wrongExecutor(where: string, executor: Executor, named: Named): Wrong {
  return (
    wrongCredentials(where, executor, named) ??
    ofKind(where, executor, named) ??
    first(named.conditions ?? [], (each) =>
      'value' in each ? wrongJson(where, each.value, named) : undefined,
    )
  );
}

function ofKind(where: string, executor: Executor, named: Named): Wrong {
  switch (executor.kind) {
    case 'command':
      return wrongCommand(where, executor, named);
    case 'http':
      return wrongRequest(where, executor, named);
    case 'mcp':
      return wrongCallOf(where, executor, named);
  }
}

function wrongCommand(where: string, { argv, stdin }: CommandExecutor, named: Named): Wrong {
  const [program = ''] = argv;
  if (partsOf(program).some((part) => 'place' in part) || program.startsWith('-')) {
    return `"${where}.argv" does not begin with the name of a program`;
  }
  if (argv.some((each) => each.includes('\u0000'))) return `"${where}.argv" holds NUL`;
  const again = readAgain(argv);
  if (again !== undefined) return `"${where}.argv": a value in "${again}" would be read as code`;
  const texts = stdin === null ? argv : [...argv, stdin];
  return first(texts, (each) => wrongText(where, each, { ...named, isWhole: true }));
}

function wrongRequest(where: string, request: HttpExecutor, named: Named): Wrong {
  const { method, url, query, headers, body, credentials, signing } = request;
  const isSafe = method === 'GET' || method === 'HEAD';
  if (isSafe && body !== null) return `"${where}.body": a ${method} has none`;
  if (signing !== null && body === null) return `"${where}.signing": there is no body to sign`;
  const host = literalHost(url);
  if (host === undefined) {
    return `"${where}.url" does not begin with https://HOST/ in its one form, without a place before the path`;
  }
  if ((credentials.length > 0 || signing !== null) && !isPrivate(url, host)) {
    return `"${where}.url": a secret is sent over https alone`;
  }
  const taken = credentials.find((name) => Object.hasOwn(headers, name));
  if (taken !== undefined) return `"${where}.headers" and "credentials" both name ${taken}`;
  if (Object.hasOwn(headers, 'authorization')) {
    return `"${where}.headers": what says who asks is a secret of the vault`;
  }
  return (
    wrongText(where, url, { ...named, isWhole: true }) ??
    first([...Object.values(query), ...Object.values(headers)], (each) =>
      wrongText(where, each, { ...named, isWhole: false }),
    ) ??
    wrongJson(where, body, named)
  );
}

function wrongCallOf(
  where: string,
  { args, transport, credentials }: McpExecutor,
  named: Named,
): Wrong {
  if (transport.kind === 'http') {
    const host = literalHost(transport.url);
    if (host === undefined) return `"${where}.transport.url" does not begin with https://HOST/`;
    if (credentials.length > 0 && !isPrivate(transport.url, host)) {
      return `"${where}.transport.url": a secret is sent over https alone`;
    }
    const unfit = credentials.find((name) => !isOwnHeader(name));
    if (unfit !== undefined) return `"${where}.credentials": ${unfit} is no header of one's own`;
  }
  return wrongJson(where, args, named);
}

/** As RFC 3986 has the characters of a path, without what is left to be read in two ways. */
const urlForm =
  /^(https?):\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?\/[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;

/** The host that all of a URL's values leave as it is; undefined where there is none. */
export function literalHost(url: Template): string | undefined {
  const [origin] = partsOf(url);
  if (origin === undefined || !('text' in origin) || !urlForm.test(origin.text)) return undefined;
  if (/^https:\/\/[^/]*:443\/|^http:\/\/[^/]*:80\/|\/\.{1,2}(?:\/|$)/.test(url)) return undefined;
  const rest = partsOf(url).flatMap((part) => ('text' in part ? [part.text] : []));
  return urlForm.test(rest.join('')) ? urlForm.exec(origin.text)?.[2] : undefined;
}

/** Nobody on the way reads it: by TLS, or since it does not leave the machine. */
function isPrivate(url: Template, host: string): boolean {
  return url.startsWith('https:') || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^\[::1\]$/.test(host);
}

function wrongCredentials(where: string, executor: Executor, { roles }: Named): Wrong {
  const isAsked = Object.values(roles).includes('credential');
  const isTaken = lentNames(executor).length > 0;
  if (isTaken && !isAsked) return `"${where}.credentials": no argument has the role credential`;
  return undefined;
}

/** The names under which an executor takes secrets. */
export function lentNames(executor: Executor): readonly string[] {
  const signing = executor.kind === 'http' ? executor.signing : null;
  return signing === null
    ? executor.credentials
    : [...new Set([...executor.credentials, signing.credential])];
}

interface NamedIn extends Named {
  /** Whether all of the text has to be there, so that no argument of it may be left out. */
  readonly isWhole: boolean;
}

function wrongText(where: string, template: Template, named: NamedIn): Wrong {
  return first(placesIn(template), (place) => {
    const { args, isWhole } = named;
    const schema = Object.hasOwn(args.properties, place) ? args.properties[place] : undefined;
    if (schema === undefined) return wrongPlace(where, place, named);
    if (named.roles[place] === 'credential') {
      return `"${where}" names ${place}, which is a secret and goes to no other place`;
    }
    if (!isScalar(schema)) return `"${where}" writes ${place} as text, which is no text or number`;
    return isWhole && !args.required.includes(place)
      ? `"${where}" needs ${place}, which may be left out`
      : undefined;
  });
}

function wrongPlace(where: string, place: string, { conditions }: Named): Wrong {
  const isKnown = ownPlaces.includes(place) && !(conditions !== undefined && place === '$seconds');
  return isKnown ? undefined : `"${where}" names ${place}, which is no argument`;
}

function wrongJson(where: string, value: JsonTemplate, named: Named): Wrong {
  return first(templatesIn(value), (template) => {
    const place = onlyPlace(partsOf(template));
    if (place === undefined) return wrongText(where, template, { ...named, isWhole: true });
    if (!Object.hasOwn(named.args.properties, place)) return wrongPlace(where, place, named);
    return named.roles[place] === 'credential'
      ? `"${where}" names ${place}, which is a secret and goes to no other place`
      : undefined;
  });
}

function placesIn(template: Template): readonly string[] {
  return partsOf(template).flatMap((part) => ('place' in part ? [part.place] : []));
}

/** Of a template that can be read. */
function partsOf(template: Template): readonly TemplatePart[] {
  const parts = readTemplate(template);
  return parts.ok ? parts.value : [];
}

function first<T>(items: readonly T[], wrongOf: (item: T) => Wrong): Wrong {
  for (const item of items) {
    const wrong = wrongOf(item);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
