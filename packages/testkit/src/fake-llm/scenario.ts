/** Which protocol a request came by. */
export type Wire = 'anthropic' | 'chat' | 'responses';

export interface FakeCall {
  readonly id: string;
  readonly name: string;
  /** The group of tools that it stands in, of Responses. */
  readonly namespace?: string;
  /** Whether its arguments are a text, as those of custom tools of Responses. */
  readonly takesText?: boolean;
  /** Sent as it is, so that it may be broken. */
  readonly args: string;
}

export interface FakeUsage {
  /** All input, the cached included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

/** What the fake says when all goes well. */
export interface FakeAnswer {
  readonly text?: string;
  readonly calls?: readonly FakeCall[];
  readonly stop?: 'length' | 'refusal';
  /** The model that is said to answer, where it is another than was asked. */
  readonly servedBy?: string;
  /** `null`: the provider does not tell. */
  readonly usage?: FakeUsage | null;
  /** Text and arguments are sent in pieces of this many characters. */
  readonly pieceChars?: number;
}

/** What the fake does with one request. */
export type FakeReply =
  | ({ readonly kind: 'answer' } & FakeAnswer)
  | {
      readonly kind: 'http-error';
      readonly status: number;
      readonly message: string;
      /** Code or type in the body, such as `context_length_exceeded`. */
      readonly code?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Begins the answer, then sends the protocol's error event in place of the rest. */
  | ({ readonly kind: 'error-event'; readonly message: string } & FakeAnswer)
  /** Sends the first half of the answer, then ends the response or breaks the connection. */
  | ({ readonly kind: 'cut'; readonly how: 'end' | 'reset' } & FakeAnswer)
  /** Sends the first half of the answer and then nothing. */
  | ({ readonly kind: 'stall' } & FakeAnswer)
  /** Answers 200 with this body. */
  | { readonly kind: 'body'; readonly contentType: string; readonly body: string };

/** One server-sent event (WHATWG HTML, section 9.2). */
export interface Frame {
  readonly event?: string;
  readonly data: string;
}

/** How one provider writes on the wire and what it accepts. */
export interface WireFormat {
  /** Path below the base address. */
  readonly path: string;
  /** The credential of a request, or undefined when it has none. */
  readonly credentialOf: (headers: Readonly<Record<string, unknown>>) => string | undefined;
  /** What is wrong with a request; undefined when the provider would accept it. */
  readonly problemOf: (
    body: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, unknown>>,
  ) => string | undefined;
  readonly frames: (model: string, answer: FakeAnswer) => readonly Frame[];
  readonly errorFrame: (message: string) => Frame;
  readonly errorBody: (status: number, message: string, code: string | undefined) => unknown;
}

const defaultUsage: FakeUsage = {
  inputTokens: 100,
  cachedInputTokens: 40,
  outputTokens: 20,
};

/** Cuts a text into pieces; at least one, so that an empty text is sent too. */
export function pieces(text: string, pieceChars = 7): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += pieceChars) parts.push(text.slice(at, at + pieceChars));
  return parts.length === 0 ? [''] : parts;
}

export function usageOf(answer: FakeAnswer): FakeUsage | undefined {
  return answer.usage === undefined ? defaultUsage : (answer.usage ?? undefined);
}
