// Made from the catalogue by `npm run generate`; not edited by hand.
import { recordText } from '../encoding/index.ts';
import type { Kind } from './catalogue.ts';

type Members = Readonly<Record<string, unknown>>;

function text0(v: unknown): string {
  const m = v as Members;
  return "{\"keyid\":" + '"' + (m["keyid"] as string) + '"' +
    ",\"sig\":" + recordText(m["sig"], 60) + '}';
}

function text1(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text0(item);
  return '[' + text + ']';
}

function text2(v: unknown): string {
  const m = v as Members;
  return "{\"payload\":" + recordText(m["payload"], 62) +
    ",\"payloadType\":" + recordText(m["payloadType"], 62) +
    ",\"signatures\":" + text1(m["signatures"]) + '}';
}

function text3(v: unknown): string {
  const m = v as Members;
  return "{\"envelope\":" + text2(m["envelope"]) + '}';
}

function text4(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + '"' + (item as string) + '"';
  return '[' + text + ']';
}

function text5(v: unknown): string {
  const m = v as Members;
  return "{\"blobs\":" + text4(m["blobs"]) +
    ",\"envelope\":" + text2(m["envelope"]) + '}';
}

function text6(v: unknown): string {
  const m = v as Members;
  return "{\"bytesOut\":" + String(m["bytesOut"]) +
    ",\"calls\":" + String(m["calls"]) +
    ",\"costMicrousd\":" + String(m["costMicrousd"]) +
    ",\"cpuMs\":" + String(m["cpuMs"]) +
    ",\"tokens\":" + String(m["tokens"]) +
    ",\"wallMs\":" + String(m["wallMs"]) + '}';
}

function text7(v: unknown): string {
  const m = v as Members;
  return "{\"budget\":" + text6(m["budget"]) +
    ",\"child\":" + '"' + (m["child"] as string) + '"' + '}';
}

function text8(v: unknown): string {
  const m = v as Members;
  return "{\"child\":" + '"' + (m["child"] as string) + '"' +
    (m["envelope"] === undefined ? '' : ",\"envelope\":" + text2(m["envelope"])) +
    ",\"returned\":" + text6(m["returned"]) + '}';
}

function text9(v: unknown): string {
  const m = v as Members;
  return "{\"activation\":" + text2(m["activation"]) +
    ",\"bundle\":" + '"' + (m["bundle"] as string) + '"' +
    ",\"envelope\":" + recordText(m["envelope"], 63) +
    ",\"level\":" + '"' + (m["level"] as string) + '"' +
    ",\"policySet\":" + '"' + (m["policySet"] as string) + '"' + '}';
}

function text10(v: unknown): string {
  const m = v as Members;
  return "{\"bundle\":" + '"' + (m["bundle"] as string) + '"' +
    ",\"envelope\":" + text2(m["envelope"]) +
    ",\"level\":" + '"' + (m["level"] as string) + '"' +
    ",\"name\":" + recordText(m["name"], 63) +
    ",\"policySet\":" + '"' + (m["policySet"] as string) + '"' + '}';
}

function text11(v: unknown): string {
  const m = v as Members;
  return "{\"bundle\":" + '"' + (m["bundle"] as string) + '"' +
    ",\"envelope\":" + text2(m["envelope"]) +
    ",\"proposal\":" + text2(m["proposal"]) + '}';
}

function text12(v: unknown): string {
  const m = v as Members;
  return "{\"kind\":" + '"' + (m["kind"] as string) + '"' +
    ",\"model\":" + recordText(m["model"], 62) +
    ",\"why\":" + recordText(m["why"], 62) + '}';
}

function text13(v: unknown): string {
  const m = v as Members;
  return "{\"contract\":" + '"' + (m["contract"] as string) + '"' +
    ",\"name\":" + recordText(m["name"], 61) + '}';
}

function text14(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text13(item);
  return '[' + text + ']';
}

function text15(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + recordText(item, 62);
  return '[' + text + ']';
}

function text16(v: unknown): string {
  const m = v as Members;
  return "{\"approvalMs\":" + String(m["approvalMs"]) +
    ",\"outputTokens\":" + String(m["outputTokens"]) +
    ",\"retries\":" + String(m["retries"]) +
    ",\"turns\":" + String(m["turns"]) +
    ",\"wallMs\":" + String(m["wallMs"]) + '}';
}

function text17(v: unknown): string {
  const m = v as Members;
  return "{\"bundle\":" + '"' + (m["bundle"] as string) + '"' +
    ",\"envelope\":" + recordText(m["envelope"], 61) + '}';
}

function text18(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text17(item);
  return '[' + text + ']';
}

function text19(v: unknown): string {
  const m = v as Members;
  return "{\"cachedInputMicrousd\":" + String(m["cachedInputMicrousd"]) +
    ",\"inputMicrousd\":" + String(m["inputMicrousd"]) +
    ",\"outputMicrousd\":" + String(m["outputMicrousd"]) +
    ",\"source\":" + recordText(m["source"], 62) +
    (m["table"] === undefined ? '' : ",\"table\":" + '"' + (m["table"] as string) + '"') + '}';
}

function text20(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + recordText(item, 61);
  return '[' + text + ']';
}

function text21(v: unknown): string {
  const m = v as Members;
  return "{\"to\":" + String(m["to"]) +
    (m["toSavepoint"] === undefined ? '' : ",\"toSavepoint\":" + recordText(m["toSavepoint"], 62)) +
    (m["undoing"] === undefined ? '' : ",\"undoing\":" + '"' + (m["undoing"] as string) + '"') +
    (m["undoneFirst"] === undefined ? '' : ",\"undoneFirst\":" + text20(m["undoneFirst"])) + '}';
}

function text22(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + recordText(item, 61);
  return '[' + text + ']';
}

function text23(v: unknown): string {
  const m = v as Members;
  return "{\"by\":" + recordText(m["by"], 60) +
    ",\"limit\":" + recordText(m["limit"], 60) +
    ",\"most\":" + String(m["most"]) + '}';
}

function text24(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text23(item);
  return '[' + text + ']';
}

function text25(v: unknown): string {
  const m = v as Members;
  return "{\"enforced\":" + text22(m["enforced"]) +
    (m["limits"] === undefined ? '' : ",\"limits\":" + text24(m["limits"])) +
    ",\"missing\":" + text22(m["missing"]) +
    ",\"provider\":" + recordText(m["provider"], 62) +
    ",\"unsafe\":" + String(m["unsafe"]) +
    ",\"version\":" + recordText(m["version"], 62) + '}';
}

function text26(v: unknown): string {
  const m = v as Members;
  return "{\"key\":" + '"' + (m["key"] as string) + '"' +
    ",\"task\":" + recordText(m["task"], 62) + '}';
}

function text27(v: unknown): string {
  const m = v as Members;
  return "{\"path\":" + recordText(m["path"], 60) +
    ",\"why\":" + recordText(m["why"], 60) + '}';
}

function text28(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text27(item);
  return '[' + text + ']';
}

function text29(v: unknown): string {
  const m = v as Members;
  return "{\"baseCommit\":" + recordText(m["baseCommit"], 62) +
    ",\"branch\":" + recordText(m["branch"], 62) +
    ",\"outside\":" + text28(m["outside"]) +
    ",\"repository\":" + recordText(m["repository"], 62) +
    ",\"tree\":" + recordText(m["tree"], 62) +
    ",\"worktree\":" + recordText(m["worktree"], 62) + '}';
}

function text30(v: unknown): string {
  const m = v as Members;
  return "{\"actor\":" + '"' + (m["actor"] as string) + '"' +
    ",\"agent\":" + text12(m["agent"]) +
    ",\"capabilities\":" + text14(m["capabilities"]) +
    ",\"contractDigest\":" + '"' + (m["contractDigest"] as string) + '"' +
    ",\"gates\":" + text15(m["gates"]) +
    (m["initiative"] === undefined ? '' : ",\"initiative\":" + recordText(m["initiative"], 63)) +
    ",\"limits\":" + text16(m["limits"]) +
    (m["plan"] === undefined ? '' : ",\"plan\":" + recordText(m["plan"], 63)) +
    (m["policies"] === undefined ? '' : ",\"policies\":" + text18(m["policies"])) +
    ",\"policySetDigest\":" + '"' + (m["policySetDigest"] as string) + '"' +
    ",\"price\":" + text19(m["price"]) +
    ",\"protectedPaths\":" + text15(m["protectedPaths"]) +
    ",\"riskThreshold\":" + '"' + (m["riskThreshold"] as string) + '"' +
    (m["rollback"] === undefined ? '' : ",\"rollback\":" + text21(m["rollback"])) +
    ",\"sandbox\":" + text25(m["sandbox"]) +
    (m["subject"] === undefined ? '' : ",\"subject\":" + text26(m["subject"])) +
    ",\"task\":" + recordText(m["task"], 63) +
    ",\"workspace\":" + text29(m["workspace"]) +
    ",\"writ\":" + '"' + (m["writ"] as string) + '"' + '}';
}

function text31(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + recordText(item, 62);
  return '[' + text + ']';
}

function text32(v: unknown): string {
  const m = v as Members;
  return "{\"delta\":" + text31(m["delta"]) +
    (m["egressAfterUntrusted"] === undefined ? '' : ",\"egressAfterUntrusted\":" + String(m["egressAfterUntrusted"])) +
    ",\"entry\":" + '"' + (m["entry"] as string) + '"' +
    ",\"labels\":" + text15(m["labels"]) +
    ",\"seq\":" + String(m["seq"]) +
    ",\"source\":" + recordText(m["source"], 63) +
    ",\"worldDigest\":" + '"' + (m["worldDigest"] as string) + '"' + '}';
}

function text33(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    ",\"command\":" + recordText(m["command"], 61) +
    ",\"exitCode\":" + String(m["exitCode"]) +
    ",\"passed\":" + String(m["passed"]) + '}';
}

function text34(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text33(item);
  return '[' + text + ']';
}

function text35(v: unknown): string {
  const m = v as Members;
  return "{\"commit\":" + (m["commit"] === null ? 'null' : recordText(m["commit"], 63)) +
    ",\"gates\":" + text34(m["gates"]) +
    ",\"outcome\":" + '"' + (m["outcome"] as string) + '"' +
    ",\"reason\":" + recordText(m["reason"], 63) +
    ",\"spent\":" + text6(m["spent"]) +
    ",\"tree\":" + recordText(m["tree"], 63) +
    ",\"worldDigest\":" + '"' + (m["worldDigest"] as string) + '"' + '}';
}

function text36(v: unknown): string {
  const m = v as Members;
  return "{\"turn\":" + String(m["turn"]) + '}';
}

function text37(v: unknown): string {
  const m = v as Members;
  return "{\"costMicrousd\":" + String(m["costMicrousd"]) +
    ",\"tokens\":" + String(m["tokens"]) + '}';
}

function text38(v: unknown): string {
  const m = v as Members;
  return "{\"attempt\":" + String(m["attempt"]) +
    ",\"messages\":" + String(m["messages"]) +
    ",\"model\":" + recordText(m["model"], 63) +
    ",\"request\":" + '"' + (m["request"] as string) + '"' +
    ",\"reserved\":" + text37(m["reserved"]) +
    ",\"turn\":" + String(m["turn"]) + '}';
}

function text39(v: unknown): string {
  const m = v as Members;
  return "{\"args\":" + recordText(m["args"], 61) +
    ",\"id\":" + recordText(m["id"], 61) +
    ",\"malformed\":" + String(m["malformed"]) +
    ",\"name\":" + recordText(m["name"], 61) +
    (m["routing"] === undefined ? '' : ",\"routing\":" + recordText(m["routing"], 61)) + '}';
}

function text40(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text39(item);
  return '[' + text + ']';
}

function text41(v: unknown): string {
  const m = v as Members;
  return "{\"cachedInputTokens\":" + String(m["cachedInputTokens"]) +
    ",\"inputTokens\":" + String(m["inputTokens"]) +
    ",\"outputTokens\":" + String(m["outputTokens"]) + '}';
}

function text42(v: unknown): string {
  const m = v as Members;
  return "{\"attempt\":" + String(m["attempt"]) +
    ",\"calls\":" + text40(m["calls"]) +
    ",\"cost\":" + text37(m["cost"]) +
    (m["servedBy"] === undefined ? '' : ",\"servedBy\":" + recordText(m["servedBy"], 63)) +
    ",\"stop\":" + '"' + (m["stop"] as string) + '"' +
    ",\"text\":" + recordText(m["text"], 63) +
    ",\"turn\":" + String(m["turn"]) +
    ",\"usage\":" + text41(m["usage"]) + '}';
}

function text43(v: unknown): string {
  const m = v as Members;
  return "{\"class\":" + '"' + (m["class"] as string) + '"' +
    ",\"code\":" + recordText(m["code"], 62) +
    ",\"message\":" + recordText(m["message"], 62) + '}';
}

function text44(v: unknown): string {
  const m = v as Members;
  return "{\"attempt\":" + String(m["attempt"]) +
    ",\"cost\":" + text37(m["cost"]) +
    ",\"failure\":" + text43(m["failure"]) +
    ",\"retryInMs\":" + (m["retryInMs"] === null ? 'null' : String(m["retryInMs"])) +
    ",\"turn\":" + String(m["turn"]) + '}';
}

function text45(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + recordText(item, 61);
  return '[' + text + ']';
}

function text46(v: unknown): string {
  const m = v as Members;
  return "{\"reason\":" + recordText(m["reason"], 61) +
    ",\"selected\":" + recordText(m["selected"], 61) + '}';
}

function text47(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + recordText(item, 61);
  return '[' + text + ']';
}

function text48(v: unknown): string {
  const m = v as Members;
  return "{\"alternatives\":" + text45(m["alternatives"]) +
    ",\"confidenceBps\":" + String(m["confidenceBps"]) +
    (m["costEstimateMicrousd"] === undefined ? '' : ",\"costEstimateMicrousd\":" + String(m["costEstimateMicrousd"])) +
    ",\"decision\":" + '"' + (m["decision"] as string) + '"' +
    (m["fallback"] === undefined ? '' : ",\"fallback\":" + text46(m["fallback"])) +
    (m["latencyEstimateMs"] === undefined ? '' : ",\"latencyEstimateMs\":" + String(m["latencyEstimateMs"])) +
    ",\"reasons\":" + text47(m["reasons"]) +
    ",\"selected\":" + recordText(m["selected"], 62) +
    (m["serial"] === undefined ? '' : ",\"serial\":" + String(m["serial"])) + '}';
}

function text49(v: unknown): string {
  const m = v as Members;
  return "{\"callId\":" + recordText(m["callId"], 63) +
    ",\"digest\":" + '"' + (m["digest"] as string) + '"' +
    ",\"intent\":" + recordText(m["intent"], 63) +
    ",\"nonce\":" + (m["nonce"] === null ? 'null' : recordText(m["nonce"], 63)) +
    ",\"origin\":" + '"' + (m["origin"] as string) + '"' +
    (m["routing"] === undefined ? '' : ",\"routing\":" + text48(m["routing"])) +
    ",\"turn\":" + String(m["turn"]) + '}';
}

function text50(v: unknown): string {
  const m = v as Members;
  return "{\"calls\":" + String(m["calls"]) +
    ",\"turn\":" + String(m["turn"]) + '}';
}

function text51(v: unknown): string {
  const m = v as Members;
  return "{\"dimension\":" + recordText(m["dimension"], 63) +
    ",\"granted\":" + String(m["granted"]) +
    ",\"percent\":" + String(m["percent"]) +
    ",\"spent\":" + String(m["spent"]) + '}';
}

function text52(v: unknown): string {
  const m = v as Members;
  return "{\"capability\":" + recordText(m["capability"], 62) +
    ",\"contract\":" + '"' + (m["contract"] as string) + '"' +
    ",\"intent\":" + '"' + (m["intent"] as string) + '"' +
    ",\"ledger\":" + '"' + (m["ledger"] as string) + '"' +
    ",\"normalisedArgs\":" + recordText(m["normalisedArgs"], 62) +
    ",\"resolved\":" + recordText(m["resolved"], 62) +
    ",\"stream\":" + recordText(m["stream"], 62) +
    ",\"writ\":" + '"' + (m["writ"] as string) + '"' + '}';
}

function text53(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + '"' + (item as string) + '"';
  return '[' + text + ']';
}

function text54(v: unknown): string {
  const m = v as Members;
  return "{\"effect\":" + '"' + (m["effect"] as string) + '"' +
    ",\"id\":" + recordText(m["id"], 61) +
    ",\"level\":" + recordText(m["level"], 61) + '}';
}

function text55(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text54(item);
  return '[' + text + ']';
}

function text56(v: unknown): string {
  const m = v as Members;
  return "{\"args\":" + '"' + (m["args"] as string) + '"' +
    ",\"budget\":" + '"' + (m["budget"] as string) + '"' +
    ",\"capability\":" + '"' + (m["capability"] as string) + '"' +
    ",\"controls\":" + '"' + (m["controls"] as string) + '"' +
    ",\"emit\":" + '"' + (m["emit"] as string) + '"' +
    ",\"holds\":" + '"' + (m["holds"] as string) + '"' +
    ",\"intent\":" + '"' + (m["intent"] as string) + '"' +
    ",\"policy\":" + '"' + (m["policy"] as string) + '"' +
    ",\"preconditions\":" + '"' + (m["preconditions"] as string) + '"' +
    ",\"revocation\":" + '"' + (m["revocation"] as string) + '"' +
    ",\"scope\":" + '"' + (m["scope"] as string) + '"' +
    ",\"window\":" + '"' + (m["window"] as string) + '"' +
    ",\"writ\":" + '"' + (m["writ"] as string) + '"' + '}';
}

function text57(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + text52(m["action"]) +
    ",\"actionDigest\":" + '"' + (m["actionDigest"] as string) + '"' +
    ",\"effects\":" + text53(m["effects"]) +
    ",\"nowMs\":" + String(m["nowMs"]) +
    ",\"policySetDigest\":" + '"' + (m["policySetDigest"] as string) + '"' +
    (m["question"] === undefined ? '' : ",\"question\":" + recordText(m["question"], 63)) +
    ",\"reserved\":" + text6(m["reserved"]) +
    ",\"rules\":" + text55(m["rules"]) +
    ",\"trace\":" + text56(m["trace"]) + '}';
}

function text58(v: unknown): string {
  const m = v as Members;
  return "{\"channel\":" + recordText(m["channel"], 62) +
    ",\"quorum\":" + String(m["quorum"]) +
    ",\"reason\":" + recordText(m["reason"], 62) +
    ",\"rule\":" + recordText(m["rule"], 62) + '}';
}

function text59(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + text52(m["action"]) +
    ",\"actionDigest\":" + '"' + (m["actionDigest"] as string) + '"' +
    ",\"effects\":" + text53(m["effects"]) +
    ",\"hold\":" + text58(m["hold"]) +
    ",\"nowMs\":" + String(m["nowMs"]) +
    (m["question"] === undefined ? '' : ",\"question\":" + recordText(m["question"], 63)) +
    ",\"rules\":" + text55(m["rules"]) +
    ",\"trace\":" + text56(m["trace"]) + '}';
}

function text60(v: unknown): string {
  const m = v as Members;
  return "{\"code\":" + recordText(m["code"], 62) +
    ",\"details\":" + recordText(m["details"], 62) +
    ",\"message\":" + recordText(m["message"], 62) +
    ",\"remedy\":" + recordText(m["remedy"], 62) +
    ",\"retryable\":" + String(m["retryable"]) + '}';
}

function text61(v: unknown): string {
  const m = v as Members;
  return "{\"callId\":" + recordText(m["callId"], 63) +
    ",\"intent\":" + (m["intent"] === null ? 'null' : '"' + (m["intent"] as string) + '"') +
    ",\"nowMs\":" + String(m["nowMs"]) +
    (m["question"] === undefined ? '' : ",\"question\":" + recordText(m["question"], 63)) +
    ",\"refusal\":" + text60(m["refusal"]) +
    ",\"rules\":" + text55(m["rules"]) +
    ",\"trace\":" + text56(m["trace"]) + '}';
}

function text62(v: unknown): string {
  const m = v as Members;
  return "{\"at\":" + String(m["at"]) +
    ",\"to\":" + recordText(m["to"], 62) + '}';
}

function text63(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + '"' + (item as string) + '"';
  return '[' + text + ']';
}

function text64(v: unknown): string {
  const m = v as Members;
  return "{\"m\":" + String(m["m"]) +
    ",\"of\":" + text63(m["of"]) + '}';
}

function text65(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    ",\"channel\":" + recordText(m["channel"], 63) +
    (m["escalate"] === undefined ? '' : ",\"escalate\":" + text62(m["escalate"])) +
    ",\"expiresAt\":" + String(m["expiresAt"]) +
    ",\"quorum\":" + text64(m["quorum"]) +
    ",\"reason\":" + recordText(m["reason"], 63) +
    ",\"run\":" + recordText(m["run"], 63) + '}';
}

function text66(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + '"' + (item as string) + '"';
  return '[' + text + ']';
}

function text67(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    ",\"outcome\":" + '"' + (m["outcome"] as string) + '"' +
    ",\"reason\":" + recordText(m["reason"], 63) +
    ",\"request\":" + '"' + (m["request"] as string) + '"' +
    ",\"voters\":" + text66(m["voters"]) + '}';
}

function text68(v: unknown): string {
  const m = v as Members;
  return "{\"name\":" + recordText(m["name"], 61) +
    ",\"scope\":" + recordText(m["scope"], 61) +
    ",\"setAt\":" + String(m["setAt"]) + '}';
}

function text69(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text68(item);
  return '[' + text + ']';
}

function text70(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    ",\"attempt\":" + String(m["attempt"]) +
    (m["leases"] === undefined ? '' : ",\"leases\":" + text69(m["leases"])) +
    ",\"reserved\":" + text6(m["reserved"]) +
    ",\"treeBefore\":" + (m["treeBefore"] === null ? 'null' : recordText(m["treeBefore"], 63)) +
    ",\"unsandboxed\":" + String(m["unsandboxed"]) + '}';
}

function text71(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + String(item);
  return '[' + text + ']';
}

function text72(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    (m["compensates"] === undefined ? '' : ",\"compensates\":" + text71(m["compensates"])) +
    ",\"compilerVersion\":" + recordText(m["compilerVersion"], 63) +
    ",\"contractDigest\":" + '"' + (m["contractDigest"] as string) + '"' +
    ",\"cost\":" + text6(m["cost"]) +
    ",\"delta\":" + text31(m["delta"]) +
    (m["labels"] === undefined ? '' : ",\"labels\":" + text15(m["labels"])) +
    ",\"observation\":" + recordText(m["observation"], 63) +
    ",\"policySetDigest\":" + '"' + (m["policySetDigest"] as string) + '"' +
    ",\"redactions\":" + String(m["redactions"]) +
    (m["unlabelled"] === undefined ? '' : ",\"unlabelled\":" + recordText(m["unlabelled"], 63)) + '}';
}

function text73(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    ",\"cost\":" + text6(m["cost"]) +
    ",\"delta\":" + text31(m["delta"]) +
    ",\"failure\":" + text43(m["failure"]) +
    (m["labels"] === undefined ? '' : ",\"labels\":" + text15(m["labels"])) +
    ",\"redactions\":" + String(m["redactions"]) + '}';
}

function text74(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    ",\"reason\":" + recordText(m["reason"], 63) + '}';
}

function text75(v: unknown): string {
  const m = v as Members;
  return "{\"action\":" + '"' + (m["action"] as string) + '"' +
    ",\"evidence\":" + recordText(m["evidence"], 63) +
    ",\"happened\":" + String(m["happened"]) +
    ",\"word\":" + (m["word"] === null ? 'null' : text2(m["word"])) + '}';
}

function text76(v: unknown): string {
  const m = v as Members;
  return "{\"capability\":" + recordText(m["capability"], 61) +
    ",\"entry\":" + String(m["entry"]) + '}';
}

function text77(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text76(item);
  return '[' + text + ']';
}

function text78(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + String(item);
  return '[' + text + ']';
}

function text79(v: unknown): string {
  const m = v as Members;
  return "{\"args\":" + recordText(m["args"], 61) +
    ",\"capability\":" + recordText(m["capability"], 61) +
    ",\"commits\":" + text78(m["commits"]) + '}';
}

function text80(v: unknown): string {
  let text = '';
  for (const item of v as readonly unknown[]) text += (text === '' ? '' : ',') + text79(item);
  return '[' + text + ']';
}

function text81(v: unknown): string {
  const m = v as Members;
  return "{\"lasting\":" + text77(m["lasting"]) +
    ",\"steps\":" + text80(m["steps"]) + '}';
}

function text82(v: unknown): string {
  const m = v as Members;
  return "{\"done\":" + String(m["done"]) +
    ",\"left\":" + String(m["left"]) + '}';
}

function text83(v: unknown): string {
  const m = v as Members;
  return "{\"digest\":" + '"' + (m["digest"] as string) + '"' +
    ",\"seq\":" + String(m["seq"]) + '}';
}

function text84(v: unknown): string {
  const m = v as Members;
  return "{\"bytes\":" + String(m["bytes"]) +
    ",\"digest\":" + '"' + (m["digest"] as string) + '"' +
    ",\"mediaType\":" + recordText(m["mediaType"], 61) + '}';
}

function text85(v: unknown): string {
  const m = v as Members;
  return "{\"blob\":" + text84(m["blob"]) + '}';
}

function text86(v: unknown): string {
  const m = v as Members;
  return "{\"at\":" + text83(m["at"]) +
    ",\"run\":" + recordText(m["run"], 63) +
    ",\"snapshot\":" + text85(m["snapshot"]) +
    ",\"state\":" + '"' + (m["state"] as string) + '"' + '}';
}

function text87(v: unknown): string {
  const m = v as Members;
  return "{\"note\":" + recordText(m["note"], 63) +
    ",\"place\":" + recordText(m["place"], 63) + '}';
}

/** Canonical text of a body that its check has passed, by kind. Throws as `recordText` does. */
export const bodyTexts: Readonly<Record<Kind, (body: unknown) => string>> = {
  'ledger.created': (body) => text3(body),
  'key.trusted': (body) => text3(body),
  'key.retired': (body) => text3(body),
  'key.compromised': (body) => text3(body),
  'approver.delegated': (body) => text3(body),
  'approver.delegation-ended': (body) => text3(body),
  'blob.pruned': (body) => text5(body),
  'subject.erased': (body) => text3(body),
  'writ.issued': (body) => text3(body),
  'writ.carved': (body) => text7(body),
  'writ.closed': (body) => text8(body),
  'writ.revoked': (body) => text3(body),
  'policy.activated': (body) => text9(body),
  'policy.retired': (body) => text10(body),
  'policy.proposed': (body) => text11(body),
  'policy.proposal-withdrawn': (body) => text3(body),
  'channel.defined': (body) => text3(body),
  'channel.removed': (body) => text3(body),
  'prices.declared': (body) => text3(body),
  'capability.declared': (body) => text3(body),
  'capability.retired': (body) => text3(body),
  'programs.declared': (body) => text3(body),
  'programs.retired': (body) => text3(body),
  'control.engaged': (body) => text3(body),
  'control.cleared': (body) => text3(body),
  'run.started': (body) => text30(body),
  'run.branched': (body) => text32(body),
  'run.finished': (body) => text35(body),
  'turn.started': (body) => text36(body),
  'model.requested': (body) => text38(body),
  'model.responded': (body) => text42(body),
  'model.interrupted': (body) => text44(body),
  'intent.proposed': (body) => text49(body),
  'turn.finished': (body) => text50(body),
  'budget.threshold-crossed': (body) => text51(body),
  'proposal.staged': (body) => text57(body),
  'proposal.suspended': (body) => text59(body),
  'proposal.rejected': (body) => text61(body),
  'approval.requested': (body) => text65(body),
  'approval.voted': (body) => text3(body),
  'approval.resolved': (body) => text67(body),
  'execution.started': (body) => text70(body),
  'commit': (body) => text72(body),
  'execution.failed': (body) => text73(body),
  'execution.in-doubt': (body) => text74(body),
  'execution.reconciled': (body) => text75(body),
  'compensation.planned': (body) => text81(body),
  'compensation.finished': (body) => text82(body),
  'snapshot.taken': (body) => text86(body),
  'anchor.published': (body) => text87(body),
};
