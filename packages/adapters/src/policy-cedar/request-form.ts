import type { MemberForm, Members, RequestForm } from '@chancery/domain/policies';
import { isJsonObject, type Json, type JsonObject } from '@chancery/kernel/encoding';
import { Fault } from '@chancery/kernel/refusal';
import { cedar } from './cedar.ts';
import { schemaText } from './schema.ts';

/** The members of a question, as the published schema has them; read by Cedar's own library. */
export function requestForm(): RequestForm {
  const answer = cedar().schemaToJsonWithResolvedTypes(schemaText);
  if (answer.type === 'failure') throw new Fault('Cedar cannot read the published schema');
  const schema = at(answer.json as unknown as JsonObject, ['']);
  const types = at(schema, ['commonTypes']);
  return {
    context: membersIn(at(schema, ['commonTypes', 'Request']), types),
    resource: membersIn(at(schema, ['entityTypes', 'Capability', 'shape']), types),
    actions: Object.keys(at(schema, ['actions'])),
  };
}

function at(value: Json | undefined, path: readonly string[]): JsonObject {
  const found = path.reduce(
    (outer, name) => (isJsonObject(outer) ? outer[name] : undefined),
    value,
  );
  if (!isJsonObject(found)) throw new Fault(`the published schema has no ${path.join('.')}`);
  return found;
}

function membersIn(record: JsonObject, types: JsonObject): Members {
  const entries = Object.entries(at(record, ['attributes'])).map(([name, of]) => {
    const form: MemberForm = {
      type: typeOf(at(of, []), types),
      optional: at(of, [])['required'] === false,
    };
    return [name, form] as const;
  });
  return Object.fromEntries(entries);
}

function typeOf({ type, ...rest }: JsonObject, types: JsonObject): MemberForm['type'] {
  if (type === 'String') return 'text';
  if (type === 'Long') return 'number';
  if (type === 'Bool') return 'truth';
  if (type === 'Set' && at(rest, ['element'])['type'] === 'String') return 'texts';
  if (typeof type === 'string' && isJsonObject(types[type]))
    return membersIn(at(types, [type]), types);
  throw new Fault(`no member of a question is of the type ${JSON.stringify(type)}`);
}
