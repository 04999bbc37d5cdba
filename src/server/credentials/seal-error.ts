/** Thrown for a credential that cannot be opened; its message has neither keys nor credentials. */
export class SealError extends Error {
  override readonly name = 'SealError';
}
