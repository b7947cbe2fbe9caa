import { isText } from './request-check.ts';

/** The credential of `Authorization: Bearer …`. */
export function bearerOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const given = headers['authorization'];
  return isText(given) && given.startsWith('Bearer ') ? given.slice('Bearer '.length) : undefined;
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'invalid_request_error',
  404: 'invalid_request_error',
  429: 'rate_limit_exceeded',
};

/** Body of an error of either API of OpenAI. */
export function errorBody(status: number, message: string, code: string | undefined): unknown {
  return {
    error: { message, type: errorTypes[status] ?? 'server_error', param: null, code: code ?? null },
  };
}
