/** How long an owner is waited for. */
export const defaultPatienceMs = 5_000;
/** Pause between two looks whether there is still an owner. */
export const retryMs = 20;
