import type { ModelRequest } from '@chancery/runtime/cognition';

/**
 * Gives each call of an answer an id that the conversation has not had: some servers count their
 * calls from zero in every answer. The same conversation and ids give the same result.
 */
export function callIds(request: ModelRequest): (given: string) => string {
  const taken = new Set(
    request.messages.flatMap((message) =>
      message.role === 'assistant' ? message.calls.map((call) => call.id) : [],
    ),
  );
  return (given) => {
    let id = given;
    for (let nth = 2; taken.has(id); nth += 1) id = `${given}_${nth}`;
    taken.add(id);
    return id;
  };
}
