export { buildBundle, type BundleSource } from './build.ts';
export { cedarDecider, decideWithCedar } from './decide.ts';
export { defaultBundle, defaultPolicyText } from './default-bundle.ts';
export { formatPolicy } from './format.ts';
export { checkRequest } from './request.ts';
export { requestForm } from './request-form.ts';
export { ruleLines } from './rule-lines.ts';
export { schemaDigest, schemaText } from './schema.ts';
export { starters, type Starter } from './starters.ts';
