export { buildBundle, type BundleSource } from './build.ts';
export { cedarDecider, decideWithCedar } from './decide.ts';
export { defaultBundle, defaultPolicyText } from './default-bundle.ts';
export { schemaDigest, schemaText } from './schema.ts';
