export { openWithPassphrase, sealWithPassphrase, type Opened } from './age.ts';
export { ageVault, type AgeVault, type OpenVault, type SetRequest } from './vault.ts';
