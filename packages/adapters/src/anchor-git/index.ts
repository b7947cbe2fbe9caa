export { gitAnchor, gitAnchorSource, type GitAnchorOptions, type GitPlace } from './anchor-git.ts';
export { sshPublicKey } from './ssh-signature.ts';
