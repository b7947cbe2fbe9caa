export { agentKeys, agentSigner, type AgentKey } from './agent.ts';
