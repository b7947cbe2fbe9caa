import { SdkError, SdkErrorCode } from '@modelcontextprotocol/client';

/** What went wrong with a server, by a code of the contracts of its tools. */
export class Trouble extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const detailChars = 300;

/** What went wrong, as it is told: what a server says of it is cut short. */
export function troubleOf(error: unknown): Trouble {
  const trouble = causeOf(error);
  if (trouble !== undefined) return trouble;
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return new Trouble('mcp.timeout', 'the server has not answered in time');
  }
  const said = error instanceof Error ? error.message : String(error);
  return new Trouble('mcp.unreachable', said.slice(0, detailChars).toWellFormed());
}

/** The library wraps what a transport throws. */
function causeOf(error: unknown): Trouble | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof Trouble) return at;
  }
  return undefined;
}
