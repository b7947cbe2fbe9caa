// Made from the catalogue by `npm run generate`; not edited by hand.
import type { Kind } from './catalogue.ts';

/** Says what is wrong with a value, place first (JSON Pointer, RFC 6901); undefined when it is right. */
export type Check = (value: unknown) => string | undefined;

type Members = Readonly<Record<string, unknown>>;

function isObject(v: unknown): v is Members {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

function inside(v: Members, name: string, wrong: string): string {
  const place = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return place + (v[name] === undefined ? ' is missing' : wrong);
}

function unknownMember(v: Members, known: readonly string[]): string {
  const name = Object.keys(v).find((each) => !known.includes(each) || v[each] === undefined);
  return inside({ [name ?? '']: true }, name ?? '', ' is not a member');
}

function check0(v: unknown): string | undefined {
  return v === 1 ? undefined : " is not 1";
}

const form1 = new RegExp("^(?:ledger|policy|control|constitution|anchor|(?:run|task|writ|agent|peer|approval|snapshot):[A-Za-z0-9._-]{1,128})$", 'u');

function check1(v: unknown): string | undefined {
  return typeof v === 'string' && form1.test(v) ? undefined : " is not of the form ^(?:ledger|policy|control|constitution|anchor|(?:run|task|writ|agent|peer|approval|snapshot):[A-Za-z0-9._-]{1,128})$";
}

function check2(v: unknown): string | undefined {
  return typeof v === 'number' && Number.isSafeInteger(v) && v >= 0 && v <= 9007199254740991 ? undefined : " is not an integer from 0 to 9007199254740991";
}

const form4 = new RegExp("^[0-9a-f]{64}$", 'u');

function check3(v: unknown): string | undefined {
  return typeof v === 'string' && form4.test(v) ? undefined : " is not of the form ^[0-9a-f]{64}$";
}

function check4(v: unknown): string | undefined {
  if (v === null) return undefined;
  return check3(v);
}

function check5(v: unknown): string | undefined {
  return typeof v === 'string' ? undefined : " is not a text";
}

const form8 = new RegExp("^ed25519:[0-9a-f]{64}$", 'u');

function check6(v: unknown): string | undefined {
  return typeof v === 'string' && form8.test(v) ? undefined : " is not of the form ^ed25519:[0-9a-f]{64}$";
}

function check7(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["id"])) !== undefined) return inside(v, "id", wrong);
  if ((wrong = check2(v["index"])) !== undefined) return inside(v, "index", wrong);
  if ((wrong = check2(v["size"])) !== undefined) return inside(v, "size", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["id","index","size"]);
}

const form11 = new RegExp("^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", 'u');

function check8(v: unknown): string | undefined {
  return typeof v === 'string' && form11.test(v) ? undefined : " is not of the form ^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$";
}

function check9(v: unknown): string | undefined {
  return v === undefined ? ' is missing' : undefined;
}

function check10(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check0(v["v"])) !== undefined) return inside(v, "v", wrong);
  if ((wrong = check1(v["stream"])) !== undefined) return inside(v, "stream", wrong);
  if ((wrong = check2(v["seq"])) !== undefined) return inside(v, "seq", wrong);
  if ((wrong = check4(v["prev"])) !== undefined) return inside(v, "prev", wrong);
  if ((wrong = check5(v["kind"])) !== undefined) return inside(v, "kind", wrong);
  if ((wrong = check2(v["at"])) !== undefined) return inside(v, "at", wrong);
  if ((wrong = check6(v["by"])) !== undefined) return inside(v, "by", wrong);
  if ((wrong = check4(v["cause"])) !== undefined) return inside(v, "cause", wrong);
  if ((wrong = check7(v["batch"])) !== undefined) return inside(v, "batch", wrong);
  if (v["trace"] !== undefined && (wrong = check8(v["trace"])) !== undefined) return inside(v, "trace", wrong);
  if ((wrong = check9(v["body"])) !== undefined) return inside(v, "body", wrong);
  return Object.keys(v).length === 10 + (v["trace"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["v","stream","seq","prev","kind","at","by","cause","batch","trace","body"]);
}

const form15 = new RegExp("^(?:[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,95}|\\[redacted:[a-z0-9-]{1,32}\\])$", 'u');

function check11(v: unknown): string | undefined {
  return typeof v === 'string' && form15.test(v) ? undefined : " is not of the form ^(?:[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,95}|\\[redacted:[a-z0-9-]{1,32}\\])$";
}

function check12(v: unknown): string | undefined {
  if (!Array.isArray(v) || v.length > 8) return ' is not an array of at most 8';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check11(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check13(v: unknown): string | undefined {
  return typeof v === 'number' && Number.isSafeInteger(v) && v >= 0 && v <= 10000 ? undefined : " is not an integer from 0 to 10000";
}

const form19 = new RegExp("^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$", 'u');

function check14(v: unknown): string | undefined {
  return typeof v === 'string' && form19.test(v) ? undefined : " is not of the form ^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$";
}

function check15(v: unknown): string | undefined {
  if (!Array.isArray(v) || v.length > 8) return ' is not an array of at most 8';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check14(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check16(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check11(v["selected"])) !== undefined) return inside(v, "selected", wrong);
  if ((wrong = check14(v["reason"])) !== undefined) return inside(v, "reason", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["selected","reason"]);
}

function check17(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["decision"])) !== undefined) return inside(v, "decision", wrong);
  if (v["serial"] !== undefined && (wrong = check2(v["serial"])) !== undefined) return inside(v, "serial", wrong);
  if ((wrong = check11(v["selected"])) !== undefined) return inside(v, "selected", wrong);
  if ((wrong = check12(v["alternatives"])) !== undefined) return inside(v, "alternatives", wrong);
  if ((wrong = check13(v["confidenceBps"])) !== undefined) return inside(v, "confidenceBps", wrong);
  if ((wrong = check15(v["reasons"])) !== undefined) return inside(v, "reasons", wrong);
  if (v["latencyEstimateMs"] !== undefined && (wrong = check2(v["latencyEstimateMs"])) !== undefined) return inside(v, "latencyEstimateMs", wrong);
  if (v["costEstimateMicrousd"] !== undefined && (wrong = check2(v["costEstimateMicrousd"])) !== undefined) return inside(v, "costEstimateMicrousd", wrong);
  if (v["fallback"] !== undefined && (wrong = check16(v["fallback"])) !== undefined) return inside(v, "fallback", wrong);
  return Object.keys(v).length === 5 + (v["serial"] === undefined ? 0 : 1) + (v["latencyEstimateMs"] === undefined ? 0 : 1) + (v["costEstimateMicrousd"] === undefined ? 0 : 1) + (v["fallback"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["decision","serial","selected","alternatives","confidenceBps","reasons","latencyEstimateMs","costEstimateMicrousd","fallback"]);
}

function check18(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check6(v["keyid"])) !== undefined) return inside(v, "keyid", wrong);
  if ((wrong = check5(v["sig"])) !== undefined) return inside(v, "sig", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["keyid","sig"]);
}

function check19(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check18(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check20(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["payloadType"])) !== undefined) return inside(v, "payloadType", wrong);
  if ((wrong = check5(v["payload"])) !== undefined) return inside(v, "payload", wrong);
  if ((wrong = check19(v["signatures"])) !== undefined) return inside(v, "signatures", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["payloadType","payload","signatures"]);
}

function check21(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check20(v["envelope"])) !== undefined) return inside(v, "envelope", wrong);
  return Object.keys(v).length === 1 ? undefined : unknownMember(v, ["envelope"]);
}

function check22(v: unknown): string | undefined {
  if (!Array.isArray(v) || v.length > 512) return ' is not an array of at most 512';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check3(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check23(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check22(v["blobs"])) !== undefined) return inside(v, "blobs", wrong);
  if ((wrong = check20(v["envelope"])) !== undefined) return inside(v, "envelope", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["blobs","envelope"]);
}

function check24(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["tokens"])) !== undefined) return inside(v, "tokens", wrong);
  if ((wrong = check2(v["costMicrousd"])) !== undefined) return inside(v, "costMicrousd", wrong);
  if ((wrong = check2(v["calls"])) !== undefined) return inside(v, "calls", wrong);
  if ((wrong = check2(v["wallMs"])) !== undefined) return inside(v, "wallMs", wrong);
  if ((wrong = check2(v["cpuMs"])) !== undefined) return inside(v, "cpuMs", wrong);
  if ((wrong = check2(v["bytesOut"])) !== undefined) return inside(v, "bytesOut", wrong);
  return Object.keys(v).length === 6 ? undefined : unknownMember(v, ["tokens","costMicrousd","calls","wallMs","cpuMs","bytesOut"]);
}

function check25(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["child"])) !== undefined) return inside(v, "child", wrong);
  if ((wrong = check24(v["budget"])) !== undefined) return inside(v, "budget", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["child","budget"]);
}

function check26(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["child"])) !== undefined) return inside(v, "child", wrong);
  if ((wrong = check24(v["returned"])) !== undefined) return inside(v, "returned", wrong);
  if (v["envelope"] !== undefined && (wrong = check20(v["envelope"])) !== undefined) return inside(v, "envelope", wrong);
  return Object.keys(v).length === 2 + (v["envelope"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["child","returned","envelope"]);
}

function check27(v: unknown): string | undefined {
  return v === "organisation" || v === "tenant" || v === "repository" || v === "run" ? undefined : " is none of organisation, tenant, repository, run";
}

function check28(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["digest"])) !== undefined) return inside(v, "digest", wrong);
  if ((wrong = check2(v["bytes"])) !== undefined) return inside(v, "bytes", wrong);
  if ((wrong = check5(v["mediaType"])) !== undefined) return inside(v, "mediaType", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["digest","bytes","mediaType"]);
}

function check29(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check28(v["blob"])) !== undefined) return inside(v, "blob", wrong);
  return Object.keys(v).length === 1 ? undefined : unknownMember(v, ["blob"]);
}

function check30(v: unknown): string | undefined {
  return check20(v) === undefined || check29(v) === undefined ? undefined : " has none of the permitted forms";
}

function check31(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check27(v["level"])) !== undefined) return inside(v, "level", wrong);
  if ((wrong = check30(v["envelope"])) !== undefined) return inside(v, "envelope", wrong);
  if ((wrong = check20(v["activation"])) !== undefined) return inside(v, "activation", wrong);
  if ((wrong = check3(v["bundle"])) !== undefined) return inside(v, "bundle", wrong);
  if ((wrong = check3(v["policySet"])) !== undefined) return inside(v, "policySet", wrong);
  return Object.keys(v).length === 5 ? undefined : unknownMember(v, ["level","envelope","activation","bundle","policySet"]);
}

function check32(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check27(v["level"])) !== undefined) return inside(v, "level", wrong);
  if ((wrong = check5(v["name"])) !== undefined) return inside(v, "name", wrong);
  if ((wrong = check3(v["bundle"])) !== undefined) return inside(v, "bundle", wrong);
  if ((wrong = check20(v["envelope"])) !== undefined) return inside(v, "envelope", wrong);
  if ((wrong = check3(v["policySet"])) !== undefined) return inside(v, "policySet", wrong);
  return Object.keys(v).length === 5 ? undefined : unknownMember(v, ["level","name","bundle","envelope","policySet"]);
}

function check33(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check20(v["envelope"])) !== undefined) return inside(v, "envelope", wrong);
  if ((wrong = check20(v["proposal"])) !== undefined) return inside(v, "proposal", wrong);
  if ((wrong = check3(v["bundle"])) !== undefined) return inside(v, "bundle", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["envelope","proposal","bundle"]);
}

function check34(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check9(v["inline"])) !== undefined) return inside(v, "inline", wrong);
  return Object.keys(v).length === 1 ? undefined : unknownMember(v, ["inline"]);
}

function check35(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["digest"])) !== undefined) return inside(v, "digest", wrong);
  if ((wrong = check2(v["bytes"])) !== undefined) return inside(v, "bytes", wrong);
  if ((wrong = check5(v["mediaType"])) !== undefined) return inside(v, "mediaType", wrong);
  if (v["key"] !== undefined && (wrong = check3(v["key"])) !== undefined) return inside(v, "key", wrong);
  return Object.keys(v).length === 3 + (v["key"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["digest","bytes","mediaType","key"]);
}

function check36(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check35(v["blob"])) !== undefined) return inside(v, "blob", wrong);
  return Object.keys(v).length === 1 ? undefined : unknownMember(v, ["blob"]);
}

function check37(v: unknown): string | undefined {
  return check34(v) === undefined || check36(v) === undefined ? undefined : " has none of the permitted forms";
}

function check38(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["key"])) !== undefined) return inside(v, "key", wrong);
  if ((wrong = check37(v["task"])) !== undefined) return inside(v, "task", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["key","task"]);
}

function check39(v: unknown): string | undefined {
  return v === "native" || v === "rollback" || v === "mcp" ? undefined : " is none of native, rollback, mcp";
}

function check40(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check39(v["kind"])) !== undefined) return inside(v, "kind", wrong);
  if ((wrong = check5(v["model"])) !== undefined) return inside(v, "model", wrong);
  if ((wrong = check5(v["why"])) !== undefined) return inside(v, "why", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["kind","model","why"]);
}

function check41(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check1(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check42(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["to"])) !== undefined) return inside(v, "to", wrong);
  if (v["toSavepoint"] !== undefined && (wrong = check5(v["toSavepoint"])) !== undefined) return inside(v, "toSavepoint", wrong);
  if (v["undoing"] !== undefined && (wrong = check3(v["undoing"])) !== undefined) return inside(v, "undoing", wrong);
  if (v["undoneFirst"] !== undefined && (wrong = check41(v["undoneFirst"])) !== undefined) return inside(v, "undoneFirst", wrong);
  return Object.keys(v).length === 1 + (v["toSavepoint"] === undefined ? 0 : 1) + (v["undoing"] === undefined ? 0 : 1) + (v["undoneFirst"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["to","toSavepoint","undoing","undoneFirst"]);
}

function check43(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["bundle"])) !== undefined) return inside(v, "bundle", wrong);
  if ((wrong = check37(v["envelope"])) !== undefined) return inside(v, "envelope", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["bundle","envelope"]);
}

function check44(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check43(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check45(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["name"])) !== undefined) return inside(v, "name", wrong);
  if ((wrong = check3(v["contract"])) !== undefined) return inside(v, "contract", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["name","contract"]);
}

function check46(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check45(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check47(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check5(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check48(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["limit"])) !== undefined) return inside(v, "limit", wrong);
  if ((wrong = check2(v["most"])) !== undefined) return inside(v, "most", wrong);
  if ((wrong = check5(v["by"])) !== undefined) return inside(v, "by", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["limit","most","by"]);
}

function check49(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check48(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check50(v: unknown): string | undefined {
  return typeof v === 'boolean' ? undefined : " is not true or false";
}

function check51(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["provider"])) !== undefined) return inside(v, "provider", wrong);
  if ((wrong = check5(v["version"])) !== undefined) return inside(v, "version", wrong);
  if ((wrong = check47(v["enforced"])) !== undefined) return inside(v, "enforced", wrong);
  if ((wrong = check47(v["missing"])) !== undefined) return inside(v, "missing", wrong);
  if (v["limits"] !== undefined && (wrong = check49(v["limits"])) !== undefined) return inside(v, "limits", wrong);
  if ((wrong = check50(v["unsafe"])) !== undefined) return inside(v, "unsafe", wrong);
  return Object.keys(v).length === 5 + (v["limits"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["provider","version","enforced","missing","limits","unsafe"]);
}

function check52(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["path"])) !== undefined) return inside(v, "path", wrong);
  if ((wrong = check5(v["why"])) !== undefined) return inside(v, "why", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["path","why"]);
}

function check53(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check52(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check54(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["repository"])) !== undefined) return inside(v, "repository", wrong);
  if ((wrong = check5(v["baseCommit"])) !== undefined) return inside(v, "baseCommit", wrong);
  if ((wrong = check5(v["tree"])) !== undefined) return inside(v, "tree", wrong);
  if ((wrong = check5(v["branch"])) !== undefined) return inside(v, "branch", wrong);
  if ((wrong = check5(v["worktree"])) !== undefined) return inside(v, "worktree", wrong);
  if ((wrong = check53(v["outside"])) !== undefined) return inside(v, "outside", wrong);
  return Object.keys(v).length === 6 ? undefined : unknownMember(v, ["repository","baseCommit","tree","branch","worktree","outside"]);
}

function check55(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["turns"])) !== undefined) return inside(v, "turns", wrong);
  if ((wrong = check2(v["wallMs"])) !== undefined) return inside(v, "wallMs", wrong);
  if ((wrong = check2(v["retries"])) !== undefined) return inside(v, "retries", wrong);
  if ((wrong = check2(v["outputTokens"])) !== undefined) return inside(v, "outputTokens", wrong);
  if ((wrong = check2(v["approvalMs"])) !== undefined) return inside(v, "approvalMs", wrong);
  return Object.keys(v).length === 5 ? undefined : unknownMember(v, ["turns","wallMs","retries","outputTokens","approvalMs"]);
}

function check56(v: unknown): string | undefined {
  return v === "low" || v === "medium" || v === "high" || v === "critical" ? undefined : " is none of low, medium, high, critical";
}

function check57(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["inputMicrousd"])) !== undefined) return inside(v, "inputMicrousd", wrong);
  if ((wrong = check2(v["cachedInputMicrousd"])) !== undefined) return inside(v, "cachedInputMicrousd", wrong);
  if ((wrong = check2(v["outputMicrousd"])) !== undefined) return inside(v, "outputMicrousd", wrong);
  if ((wrong = check5(v["source"])) !== undefined) return inside(v, "source", wrong);
  if (v["table"] !== undefined && (wrong = check3(v["table"])) !== undefined) return inside(v, "table", wrong);
  return Object.keys(v).length === 4 + (v["table"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["inputMicrousd","cachedInputMicrousd","outputMicrousd","source","table"]);
}

function check58(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["task"])) !== undefined) return inside(v, "task", wrong);
  if (v["subject"] !== undefined && (wrong = check38(v["subject"])) !== undefined) return inside(v, "subject", wrong);
  if (v["initiative"] !== undefined && (wrong = check5(v["initiative"])) !== undefined) return inside(v, "initiative", wrong);
  if (v["plan"] !== undefined && (wrong = check5(v["plan"])) !== undefined) return inside(v, "plan", wrong);
  if ((wrong = check40(v["agent"])) !== undefined) return inside(v, "agent", wrong);
  if (v["rollback"] !== undefined && (wrong = check42(v["rollback"])) !== undefined) return inside(v, "rollback", wrong);
  if ((wrong = check6(v["actor"])) !== undefined) return inside(v, "actor", wrong);
  if ((wrong = check3(v["writ"])) !== undefined) return inside(v, "writ", wrong);
  if ((wrong = check3(v["contractDigest"])) !== undefined) return inside(v, "contractDigest", wrong);
  if ((wrong = check3(v["policySetDigest"])) !== undefined) return inside(v, "policySetDigest", wrong);
  if (v["policies"] !== undefined && (wrong = check44(v["policies"])) !== undefined) return inside(v, "policies", wrong);
  if ((wrong = check46(v["capabilities"])) !== undefined) return inside(v, "capabilities", wrong);
  if ((wrong = check51(v["sandbox"])) !== undefined) return inside(v, "sandbox", wrong);
  if ((wrong = check54(v["workspace"])) !== undefined) return inside(v, "workspace", wrong);
  if ((wrong = check47(v["gates"])) !== undefined) return inside(v, "gates", wrong);
  if ((wrong = check55(v["limits"])) !== undefined) return inside(v, "limits", wrong);
  if ((wrong = check56(v["riskThreshold"])) !== undefined) return inside(v, "riskThreshold", wrong);
  if ((wrong = check47(v["protectedPaths"])) !== undefined) return inside(v, "protectedPaths", wrong);
  if ((wrong = check57(v["price"])) !== undefined) return inside(v, "price", wrong);
  return Object.keys(v).length === 14 + (v["subject"] === undefined ? 0 : 1) + (v["initiative"] === undefined ? 0 : 1) + (v["plan"] === undefined ? 0 : 1) + (v["rollback"] === undefined ? 0 : 1) + (v["policies"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["task","subject","initiative","plan","agent","rollback","actor","writ","contractDigest","policySetDigest","policies","capabilities","sandbox","workspace","gates","limits","riskThreshold","protectedPaths","price"]);
}

function check59(v: unknown): string | undefined {
  return v === "put" ? undefined : " is not \"put\"";
}

function check60(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check59(v["op"])) !== undefined) return inside(v, "op", wrong);
  if ((wrong = check5(v["key"])) !== undefined) return inside(v, "key", wrong);
  if ((wrong = check9(v["value"])) !== undefined) return inside(v, "value", wrong);
  if ((wrong = check2(v["expect"])) !== undefined) return inside(v, "expect", wrong);
  return Object.keys(v).length === 4 ? undefined : unknownMember(v, ["op","key","value","expect"]);
}

function check61(v: unknown): string | undefined {
  return v === "delete" ? undefined : " is not \"delete\"";
}

function check62(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check61(v["op"])) !== undefined) return inside(v, "op", wrong);
  if ((wrong = check5(v["key"])) !== undefined) return inside(v, "key", wrong);
  if ((wrong = check2(v["expect"])) !== undefined) return inside(v, "expect", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["op","key","expect"]);
}

function check63(v: unknown): string | undefined {
  return check60(v) === undefined || check62(v) === undefined ? undefined : " has none of the permitted forms";
}

function check64(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check63(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check65(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check1(v["source"])) !== undefined) return inside(v, "source", wrong);
  if ((wrong = check2(v["seq"])) !== undefined) return inside(v, "seq", wrong);
  if ((wrong = check3(v["entry"])) !== undefined) return inside(v, "entry", wrong);
  if ((wrong = check3(v["worldDigest"])) !== undefined) return inside(v, "worldDigest", wrong);
  if ((wrong = check47(v["labels"])) !== undefined) return inside(v, "labels", wrong);
  if ((wrong = check64(v["delta"])) !== undefined) return inside(v, "delta", wrong);
  if (v["egressAfterUntrusted"] !== undefined && (wrong = check2(v["egressAfterUntrusted"])) !== undefined) return inside(v, "egressAfterUntrusted", wrong);
  return Object.keys(v).length === 6 + (v["egressAfterUntrusted"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["source","seq","entry","worldDigest","labels","delta","egressAfterUntrusted"]);
}

function check66(v: unknown): string | undefined {
  return v === "succeeded" || v === "failed" || v === "cancelled" || v === "exhausted" ? undefined : " is none of succeeded, failed, cancelled, exhausted";
}

function check67(v: unknown): string | undefined {
  return typeof v === 'number' && Number.isSafeInteger(v) && v >= -9007199254740991 && v <= 9007199254740991 ? undefined : " is not an integer from -9007199254740991 to 9007199254740991";
}

function check68(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["command"])) !== undefined) return inside(v, "command", wrong);
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check67(v["exitCode"])) !== undefined) return inside(v, "exitCode", wrong);
  if ((wrong = check50(v["passed"])) !== undefined) return inside(v, "passed", wrong);
  return Object.keys(v).length === 4 ? undefined : unknownMember(v, ["command","action","exitCode","passed"]);
}

function check69(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check68(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check70(v: unknown): string | undefined {
  if (v === null) return undefined;
  return check5(v);
}

function check71(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check66(v["outcome"])) !== undefined) return inside(v, "outcome", wrong);
  if ((wrong = check5(v["reason"])) !== undefined) return inside(v, "reason", wrong);
  if ((wrong = check69(v["gates"])) !== undefined) return inside(v, "gates", wrong);
  if ((wrong = check70(v["commit"])) !== undefined) return inside(v, "commit", wrong);
  if ((wrong = check5(v["tree"])) !== undefined) return inside(v, "tree", wrong);
  if ((wrong = check3(v["worldDigest"])) !== undefined) return inside(v, "worldDigest", wrong);
  if ((wrong = check24(v["spent"])) !== undefined) return inside(v, "spent", wrong);
  return Object.keys(v).length === 7 ? undefined : unknownMember(v, ["outcome","reason","gates","commit","tree","worldDigest","spent"]);
}

function check72(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["turn"])) !== undefined) return inside(v, "turn", wrong);
  return Object.keys(v).length === 1 ? undefined : unknownMember(v, ["turn"]);
}

function check73(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["tokens"])) !== undefined) return inside(v, "tokens", wrong);
  if ((wrong = check2(v["costMicrousd"])) !== undefined) return inside(v, "costMicrousd", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["tokens","costMicrousd"]);
}

function check74(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["turn"])) !== undefined) return inside(v, "turn", wrong);
  if ((wrong = check2(v["attempt"])) !== undefined) return inside(v, "attempt", wrong);
  if ((wrong = check5(v["model"])) !== undefined) return inside(v, "model", wrong);
  if ((wrong = check3(v["request"])) !== undefined) return inside(v, "request", wrong);
  if ((wrong = check2(v["messages"])) !== undefined) return inside(v, "messages", wrong);
  if ((wrong = check73(v["reserved"])) !== undefined) return inside(v, "reserved", wrong);
  return Object.keys(v).length === 6 ? undefined : unknownMember(v, ["turn","attempt","model","request","messages","reserved"]);
}

function check75(v: unknown): string | undefined {
  return typeof v === 'string' && [...v].length <= 128 ? undefined : " is not a text of this length";
}

function check76(v: unknown): string | undefined {
  return typeof v === 'string' && [...v].length <= 200 ? undefined : " is not a text of this length";
}

function check77(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check76(v["malformed"])) !== undefined) return inside(v, "malformed", wrong);
  return Object.keys(v).length === 1 ? undefined : unknownMember(v, ["malformed"]);
}

function check78(v: unknown): string | undefined {
  return check17(v) === undefined || check77(v) === undefined ? undefined : " has none of the permitted forms";
}

function check79(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["id"])) !== undefined) return inside(v, "id", wrong);
  if ((wrong = check5(v["name"])) !== undefined) return inside(v, "name", wrong);
  if ((wrong = check37(v["args"])) !== undefined) return inside(v, "args", wrong);
  if ((wrong = check50(v["malformed"])) !== undefined) return inside(v, "malformed", wrong);
  if (v["routing"] !== undefined && (wrong = check78(v["routing"])) !== undefined) return inside(v, "routing", wrong);
  return Object.keys(v).length === 4 + (v["routing"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["id","name","args","malformed","routing"]);
}

function check80(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check79(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check81(v: unknown): string | undefined {
  return v === "end" || v === "calls" || v === "length" || v === "refusal" || v === "other" ? undefined : " is none of end, calls, length, refusal, other";
}

function check82(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["inputTokens"])) !== undefined) return inside(v, "inputTokens", wrong);
  if ((wrong = check2(v["cachedInputTokens"])) !== undefined) return inside(v, "cachedInputTokens", wrong);
  if ((wrong = check2(v["outputTokens"])) !== undefined) return inside(v, "outputTokens", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["inputTokens","cachedInputTokens","outputTokens"]);
}

function check83(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["turn"])) !== undefined) return inside(v, "turn", wrong);
  if ((wrong = check2(v["attempt"])) !== undefined) return inside(v, "attempt", wrong);
  if (v["servedBy"] !== undefined && (wrong = check75(v["servedBy"])) !== undefined) return inside(v, "servedBy", wrong);
  if ((wrong = check37(v["text"])) !== undefined) return inside(v, "text", wrong);
  if ((wrong = check80(v["calls"])) !== undefined) return inside(v, "calls", wrong);
  if ((wrong = check81(v["stop"])) !== undefined) return inside(v, "stop", wrong);
  if ((wrong = check82(v["usage"])) !== undefined) return inside(v, "usage", wrong);
  if ((wrong = check73(v["cost"])) !== undefined) return inside(v, "cost", wrong);
  return Object.keys(v).length === 7 + (v["servedBy"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["turn","attempt","servedBy","text","calls","stop","usage","cost"]);
}

function check84(v: unknown): string | undefined {
  return v === "terminal" || v === "retryable" || v === "unknown" ? undefined : " is none of terminal, retryable, unknown";
}

function check85(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check84(v["class"])) !== undefined) return inside(v, "class", wrong);
  if ((wrong = check5(v["code"])) !== undefined) return inside(v, "code", wrong);
  if ((wrong = check5(v["message"])) !== undefined) return inside(v, "message", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["class","code","message"]);
}

function check86(v: unknown): string | undefined {
  if (v === null) return undefined;
  return check2(v);
}

function check87(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["turn"])) !== undefined) return inside(v, "turn", wrong);
  if ((wrong = check2(v["attempt"])) !== undefined) return inside(v, "attempt", wrong);
  if ((wrong = check85(v["failure"])) !== undefined) return inside(v, "failure", wrong);
  if ((wrong = check86(v["retryInMs"])) !== undefined) return inside(v, "retryInMs", wrong);
  if ((wrong = check73(v["cost"])) !== undefined) return inside(v, "cost", wrong);
  return Object.keys(v).length === 5 ? undefined : unknownMember(v, ["turn","attempt","failure","retryInMs","cost"]);
}

function check88(v: unknown): string | undefined {
  return v === "model" || v === "gate" || v === "human" || v === "rollback" || v === "mcp" ? undefined : " is none of model, gate, human, rollback, mcp";
}

function check89(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check88(v["origin"])) !== undefined) return inside(v, "origin", wrong);
  if ((wrong = check2(v["turn"])) !== undefined) return inside(v, "turn", wrong);
  if ((wrong = check5(v["callId"])) !== undefined) return inside(v, "callId", wrong);
  if ((wrong = check3(v["digest"])) !== undefined) return inside(v, "digest", wrong);
  if ((wrong = check70(v["nonce"])) !== undefined) return inside(v, "nonce", wrong);
  if ((wrong = check37(v["intent"])) !== undefined) return inside(v, "intent", wrong);
  if (v["routing"] !== undefined && (wrong = check17(v["routing"])) !== undefined) return inside(v, "routing", wrong);
  return Object.keys(v).length === 6 + (v["routing"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["origin","turn","callId","digest","nonce","intent","routing"]);
}

function check90(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["turn"])) !== undefined) return inside(v, "turn", wrong);
  if ((wrong = check2(v["calls"])) !== undefined) return inside(v, "calls", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["turn","calls"]);
}

function check91(v: unknown): string | undefined {
  return v === "tokens" || v === "costMicrousd" || v === "calls" || v === "wallMs" || v === "cpuMs" || v === "bytesOut" ? undefined : " is none of tokens, costMicrousd, calls, wallMs, cpuMs, bytesOut";
}

function check92(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check91(v["dimension"])) !== undefined) return inside(v, "dimension", wrong);
  if ((wrong = check2(v["percent"])) !== undefined) return inside(v, "percent", wrong);
  if ((wrong = check2(v["spent"])) !== undefined) return inside(v, "spent", wrong);
  if ((wrong = check2(v["granted"])) !== undefined) return inside(v, "granted", wrong);
  return Object.keys(v).length === 4 ? undefined : unknownMember(v, ["dimension","percent","spent","granted"]);
}

function check93(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["ledger"])) !== undefined) return inside(v, "ledger", wrong);
  if ((wrong = check1(v["stream"])) !== undefined) return inside(v, "stream", wrong);
  if ((wrong = check3(v["intent"])) !== undefined) return inside(v, "intent", wrong);
  if ((wrong = check3(v["writ"])) !== undefined) return inside(v, "writ", wrong);
  if ((wrong = check3(v["contract"])) !== undefined) return inside(v, "contract", wrong);
  if ((wrong = check5(v["capability"])) !== undefined) return inside(v, "capability", wrong);
  if ((wrong = check37(v["normalisedArgs"])) !== undefined) return inside(v, "normalisedArgs", wrong);
  if ((wrong = check37(v["resolved"])) !== undefined) return inside(v, "resolved", wrong);
  return Object.keys(v).length === 8 ? undefined : unknownMember(v, ["ledger","stream","intent","writ","contract","capability","normalisedArgs","resolved"]);
}

function check94(v: unknown): string | undefined {
  return v === "pure" || v === "read" || v === "write" || v === "external" || v === "irreversible" ? undefined : " is none of pure, read, write, external, irreversible";
}

function check95(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check94(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check96(v: unknown): string | undefined {
  return v === "pass" || v === "refuse" || v === "hold" || v === "unreached" ? undefined : " is none of pass, refuse, hold, unreached";
}

function check97(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check96(v["controls"])) !== undefined) return inside(v, "controls", wrong);
  if ((wrong = check96(v["intent"])) !== undefined) return inside(v, "intent", wrong);
  if ((wrong = check96(v["writ"])) !== undefined) return inside(v, "writ", wrong);
  if ((wrong = check96(v["revocation"])) !== undefined) return inside(v, "revocation", wrong);
  if ((wrong = check96(v["window"])) !== undefined) return inside(v, "window", wrong);
  if ((wrong = check96(v["capability"])) !== undefined) return inside(v, "capability", wrong);
  if ((wrong = check96(v["args"])) !== undefined) return inside(v, "args", wrong);
  if ((wrong = check96(v["scope"])) !== undefined) return inside(v, "scope", wrong);
  if ((wrong = check96(v["preconditions"])) !== undefined) return inside(v, "preconditions", wrong);
  if ((wrong = check96(v["budget"])) !== undefined) return inside(v, "budget", wrong);
  if ((wrong = check96(v["policy"])) !== undefined) return inside(v, "policy", wrong);
  if ((wrong = check96(v["holds"])) !== undefined) return inside(v, "holds", wrong);
  if ((wrong = check96(v["emit"])) !== undefined) return inside(v, "emit", wrong);
  return Object.keys(v).length === 13 ? undefined : unknownMember(v, ["controls","intent","writ","revocation","window","capability","args","scope","preconditions","budget","policy","holds","emit"]);
}

function check98(v: unknown): string | undefined {
  return v === "permit" || v === "forbid" || v === "hold" || v === "lift" || v === "shadow" || v === "error" ? undefined : " is none of permit, forbid, hold, lift, shadow, error";
}

function check99(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["id"])) !== undefined) return inside(v, "id", wrong);
  if ((wrong = check5(v["level"])) !== undefined) return inside(v, "level", wrong);
  if ((wrong = check98(v["effect"])) !== undefined) return inside(v, "effect", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["id","level","effect"]);
}

function check100(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check99(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check101(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check93(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check3(v["actionDigest"])) !== undefined) return inside(v, "actionDigest", wrong);
  if ((wrong = check95(v["effects"])) !== undefined) return inside(v, "effects", wrong);
  if ((wrong = check97(v["trace"])) !== undefined) return inside(v, "trace", wrong);
  if ((wrong = check100(v["rules"])) !== undefined) return inside(v, "rules", wrong);
  if (v["question"] !== undefined && (wrong = check37(v["question"])) !== undefined) return inside(v, "question", wrong);
  if ((wrong = check24(v["reserved"])) !== undefined) return inside(v, "reserved", wrong);
  if ((wrong = check3(v["policySetDigest"])) !== undefined) return inside(v, "policySetDigest", wrong);
  if ((wrong = check2(v["nowMs"])) !== undefined) return inside(v, "nowMs", wrong);
  return Object.keys(v).length === 8 + (v["question"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["action","actionDigest","effects","trace","rules","question","reserved","policySetDigest","nowMs"]);
}

function check102(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["channel"])) !== undefined) return inside(v, "channel", wrong);
  if ((wrong = check2(v["quorum"])) !== undefined) return inside(v, "quorum", wrong);
  if ((wrong = check5(v["reason"])) !== undefined) return inside(v, "reason", wrong);
  if ((wrong = check5(v["rule"])) !== undefined) return inside(v, "rule", wrong);
  return Object.keys(v).length === 4 ? undefined : unknownMember(v, ["channel","quorum","reason","rule"]);
}

function check103(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check93(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check3(v["actionDigest"])) !== undefined) return inside(v, "actionDigest", wrong);
  if ((wrong = check95(v["effects"])) !== undefined) return inside(v, "effects", wrong);
  if ((wrong = check97(v["trace"])) !== undefined) return inside(v, "trace", wrong);
  if ((wrong = check100(v["rules"])) !== undefined) return inside(v, "rules", wrong);
  if (v["question"] !== undefined && (wrong = check37(v["question"])) !== undefined) return inside(v, "question", wrong);
  if ((wrong = check102(v["hold"])) !== undefined) return inside(v, "hold", wrong);
  if ((wrong = check2(v["nowMs"])) !== undefined) return inside(v, "nowMs", wrong);
  return Object.keys(v).length === 7 + (v["question"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["action","actionDigest","effects","trace","rules","question","hold","nowMs"]);
}

function check104(v: unknown): string | undefined {
  return check5(v) === undefined || check67(v) === undefined || check50(v) === undefined ? undefined : " has none of the permitted forms";
}

function check105(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  for (const name of Object.keys(v)) {
    const wrong = check104(v[name]);
    if (wrong !== undefined) return inside(v, name, wrong);
  }
  return undefined;
}

function check106(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["code"])) !== undefined) return inside(v, "code", wrong);
  if ((wrong = check5(v["message"])) !== undefined) return inside(v, "message", wrong);
  if ((wrong = check5(v["remedy"])) !== undefined) return inside(v, "remedy", wrong);
  if ((wrong = check50(v["retryable"])) !== undefined) return inside(v, "retryable", wrong);
  if ((wrong = check105(v["details"])) !== undefined) return inside(v, "details", wrong);
  return Object.keys(v).length === 5 ? undefined : unknownMember(v, ["code","message","remedy","retryable","details"]);
}

function check107(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["callId"])) !== undefined) return inside(v, "callId", wrong);
  if ((wrong = check4(v["intent"])) !== undefined) return inside(v, "intent", wrong);
  if ((wrong = check97(v["trace"])) !== undefined) return inside(v, "trace", wrong);
  if ((wrong = check100(v["rules"])) !== undefined) return inside(v, "rules", wrong);
  if (v["question"] !== undefined && (wrong = check37(v["question"])) !== undefined) return inside(v, "question", wrong);
  if ((wrong = check106(v["refusal"])) !== undefined) return inside(v, "refusal", wrong);
  if ((wrong = check2(v["nowMs"])) !== undefined) return inside(v, "nowMs", wrong);
  return Object.keys(v).length === 6 + (v["question"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["callId","intent","trace","rules","question","refusal","nowMs"]);
}

function check108(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check6(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check109(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["m"])) !== undefined) return inside(v, "m", wrong);
  if ((wrong = check108(v["of"])) !== undefined) return inside(v, "of", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["m","of"]);
}

function check110(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["to"])) !== undefined) return inside(v, "to", wrong);
  if ((wrong = check2(v["at"])) !== undefined) return inside(v, "at", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["to","at"]);
}

function check111(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check1(v["run"])) !== undefined) return inside(v, "run", wrong);
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check5(v["channel"])) !== undefined) return inside(v, "channel", wrong);
  if ((wrong = check109(v["quorum"])) !== undefined) return inside(v, "quorum", wrong);
  if ((wrong = check5(v["reason"])) !== undefined) return inside(v, "reason", wrong);
  if ((wrong = check2(v["expiresAt"])) !== undefined) return inside(v, "expiresAt", wrong);
  if (v["escalate"] !== undefined && (wrong = check110(v["escalate"])) !== undefined) return inside(v, "escalate", wrong);
  return Object.keys(v).length === 6 + (v["escalate"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["run","action","channel","quorum","reason","expiresAt","escalate"]);
}

function check112(v: unknown): string | undefined {
  return v === "granted" || v === "denied" || v === "expired" || v === "escalated" ? undefined : " is none of granted, denied, expired, escalated";
}

function check113(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check3(v["request"])) !== undefined) return inside(v, "request", wrong);
  if ((wrong = check112(v["outcome"])) !== undefined) return inside(v, "outcome", wrong);
  if ((wrong = check108(v["voters"])) !== undefined) return inside(v, "voters", wrong);
  if ((wrong = check5(v["reason"])) !== undefined) return inside(v, "reason", wrong);
  return Object.keys(v).length === 5 ? undefined : unknownMember(v, ["action","request","outcome","voters","reason"]);
}

function check114(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["name"])) !== undefined) return inside(v, "name", wrong);
  if ((wrong = check5(v["scope"])) !== undefined) return inside(v, "scope", wrong);
  if ((wrong = check2(v["setAt"])) !== undefined) return inside(v, "setAt", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["name","scope","setAt"]);
}

function check115(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check114(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check116(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check2(v["attempt"])) !== undefined) return inside(v, "attempt", wrong);
  if ((wrong = check24(v["reserved"])) !== undefined) return inside(v, "reserved", wrong);
  if ((wrong = check70(v["treeBefore"])) !== undefined) return inside(v, "treeBefore", wrong);
  if ((wrong = check50(v["unsandboxed"])) !== undefined) return inside(v, "unsandboxed", wrong);
  if (v["leases"] !== undefined && (wrong = check115(v["leases"])) !== undefined) return inside(v, "leases", wrong);
  return Object.keys(v).length === 5 + (v["leases"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["action","attempt","reserved","treeBefore","unsandboxed","leases"]);
}

function check117(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check2(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check118(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check37(v["observation"])) !== undefined) return inside(v, "observation", wrong);
  if ((wrong = check2(v["redactions"])) !== undefined) return inside(v, "redactions", wrong);
  if (v["labels"] !== undefined && (wrong = check47(v["labels"])) !== undefined) return inside(v, "labels", wrong);
  if (v["unlabelled"] !== undefined && (wrong = check5(v["unlabelled"])) !== undefined) return inside(v, "unlabelled", wrong);
  if ((wrong = check64(v["delta"])) !== undefined) return inside(v, "delta", wrong);
  if ((wrong = check24(v["cost"])) !== undefined) return inside(v, "cost", wrong);
  if ((wrong = check5(v["compilerVersion"])) !== undefined) return inside(v, "compilerVersion", wrong);
  if ((wrong = check3(v["policySetDigest"])) !== undefined) return inside(v, "policySetDigest", wrong);
  if ((wrong = check3(v["contractDigest"])) !== undefined) return inside(v, "contractDigest", wrong);
  if (v["compensates"] !== undefined && (wrong = check117(v["compensates"])) !== undefined) return inside(v, "compensates", wrong);
  return Object.keys(v).length === 8 + (v["labels"] === undefined ? 0 : 1) + (v["unlabelled"] === undefined ? 0 : 1) + (v["compensates"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["action","observation","redactions","labels","unlabelled","delta","cost","compilerVersion","policySetDigest","contractDigest","compensates"]);
}

function check119(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check85(v["failure"])) !== undefined) return inside(v, "failure", wrong);
  if ((wrong = check2(v["redactions"])) !== undefined) return inside(v, "redactions", wrong);
  if (v["labels"] !== undefined && (wrong = check47(v["labels"])) !== undefined) return inside(v, "labels", wrong);
  if ((wrong = check64(v["delta"])) !== undefined) return inside(v, "delta", wrong);
  if ((wrong = check24(v["cost"])) !== undefined) return inside(v, "cost", wrong);
  return Object.keys(v).length === 5 + (v["labels"] === undefined ? 0 : 1) ? undefined : unknownMember(v, ["action","failure","redactions","labels","delta","cost"]);
}

function check120(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check5(v["reason"])) !== undefined) return inside(v, "reason", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["action","reason"]);
}

function check121(v: unknown): string | undefined {
  if (v === null) return undefined;
  return check20(v);
}

function check122(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check3(v["action"])) !== undefined) return inside(v, "action", wrong);
  if ((wrong = check50(v["happened"])) !== undefined) return inside(v, "happened", wrong);
  if ((wrong = check5(v["evidence"])) !== undefined) return inside(v, "evidence", wrong);
  if ((wrong = check121(v["word"])) !== undefined) return inside(v, "word", wrong);
  return Object.keys(v).length === 4 ? undefined : unknownMember(v, ["action","happened","evidence","word"]);
}

function check123(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check117(v["commits"])) !== undefined) return inside(v, "commits", wrong);
  if ((wrong = check5(v["capability"])) !== undefined) return inside(v, "capability", wrong);
  if ((wrong = check37(v["args"])) !== undefined) return inside(v, "args", wrong);
  return Object.keys(v).length === 3 ? undefined : unknownMember(v, ["commits","capability","args"]);
}

function check124(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check123(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check125(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["entry"])) !== undefined) return inside(v, "entry", wrong);
  if ((wrong = check5(v["capability"])) !== undefined) return inside(v, "capability", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["entry","capability"]);
}

function check126(v: unknown): string | undefined {
  if (!Array.isArray(v)) return ' is not an array';
  for (let i = 0; i < v.length; i += 1) {
    const wrong = check125(v[i]);
    if (wrong !== undefined) return `/${i}${wrong}`;
  }
  return undefined;
}

function check127(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check124(v["steps"])) !== undefined) return inside(v, "steps", wrong);
  if ((wrong = check126(v["lasting"])) !== undefined) return inside(v, "lasting", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["steps","lasting"]);
}

function check128(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["done"])) !== undefined) return inside(v, "done", wrong);
  if ((wrong = check2(v["left"])) !== undefined) return inside(v, "left", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["done","left"]);
}

function check129(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check2(v["seq"])) !== undefined) return inside(v, "seq", wrong);
  if ((wrong = check3(v["digest"])) !== undefined) return inside(v, "digest", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["seq","digest"]);
}

function check130(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check1(v["run"])) !== undefined) return inside(v, "run", wrong);
  if ((wrong = check129(v["at"])) !== undefined) return inside(v, "at", wrong);
  if ((wrong = check3(v["state"])) !== undefined) return inside(v, "state", wrong);
  if ((wrong = check29(v["snapshot"])) !== undefined) return inside(v, "snapshot", wrong);
  return Object.keys(v).length === 4 ? undefined : unknownMember(v, ["run","at","state","snapshot"]);
}

function check131(v: unknown): string | undefined {
  if (!isObject(v)) return ' is not an object';
  let wrong: string | undefined;
  if ((wrong = check5(v["place"])) !== undefined) return inside(v, "place", wrong);
  if ((wrong = check5(v["note"])) !== undefined) return inside(v, "note", wrong);
  return Object.keys(v).length === 2 ? undefined : unknownMember(v, ["place","note"]);
}

/** Checks the envelope of an entry, the body aside. */
export const checkEntry: Check = check10;

/** Checks the form of what a router says. */
export const checkRouting: Check = check17;

/** Checks the body of an entry. */
export const bodyChecks: Readonly<Record<Kind, Check>> = {
  'ledger.created': check21,
  'key.trusted': check21,
  'key.retired': check21,
  'key.compromised': check21,
  'approver.delegated': check21,
  'approver.delegation-ended': check21,
  'blob.pruned': check23,
  'subject.erased': check21,
  'writ.issued': check21,
  'writ.carved': check25,
  'writ.closed': check26,
  'writ.revoked': check21,
  'policy.activated': check31,
  'policy.retired': check32,
  'policy.proposed': check33,
  'policy.proposal-withdrawn': check21,
  'channel.defined': check21,
  'channel.removed': check21,
  'prices.declared': check21,
  'capability.declared': check21,
  'capability.retired': check21,
  'programs.declared': check21,
  'programs.retired': check21,
  'control.engaged': check21,
  'control.cleared': check21,
  'run.started': check58,
  'run.branched': check65,
  'run.finished': check71,
  'turn.started': check72,
  'model.requested': check74,
  'model.responded': check83,
  'model.interrupted': check87,
  'intent.proposed': check89,
  'turn.finished': check90,
  'budget.threshold-crossed': check92,
  'proposal.staged': check101,
  'proposal.suspended': check103,
  'proposal.rejected': check107,
  'approval.requested': check111,
  'approval.voted': check21,
  'approval.resolved': check113,
  'execution.started': check116,
  'commit': check118,
  'execution.failed': check119,
  'execution.in-doubt': check120,
  'execution.reconciled': check122,
  'compensation.planned': check127,
  'compensation.finished': check128,
  'snapshot.taken': check130,
  'anchor.published': check131,
};
