import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { SealError } from './seal-error.js';

/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;
/** The first byte of what is sealed: how the rest is laid out. */
const VERSION = 1;
/** Bytes of the name of a key. */
const ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + ID_BYTES + IV_BYTES + TAG_BYTES;
const CIPHER = 'aes-256-gcm';

interface TokenKey {
  /** Names the key without saying anything about it. */
  readonly id: Buffer;
  readonly secret: Buffer;
}

/**
 * Keys that seal the credentials of sessions (AES-256-GCM): the first seals, all of them open. What is sealed belongs to one
 * session, and cannot be opened for another.
 */
export class TokenKeys {
  readonly #keys: readonly TokenKey[];
  readonly #first: TokenKey;

  private constructor(keys: readonly TokenKey[], first: TokenKey) {
    this.#keys = keys;
    this.#first = first;
  }

  /**
   * Reads keys of 32 bytes each, in base64.
   *
   * @throws Error in one sentence, without the keys.
   */
  static parse(texts: readonly string[]): TokenKeys {
    const keys = texts.map((text, position) => {
      const secret = Buffer.from(text, 'base64');
      if (secret.length !== KEY_BYTES || secret.toString('base64') !== text) {
        throw new Error(
          `Token key ${position + 1} is not ${KEY_BYTES} bytes in base64, as “openssl rand -base64 32” makes them.`,
        );
      }
      return { id: createHash('sha256').update(secret).digest().subarray(0, ID_BYTES), secret };
    });
    const [first] = keys;
    if (first === undefined) throw new Error('There is no token key.');
    return new TokenKeys(keys, first);
  }

  /** Seals a credential for a session; each time differently. */
  seal(sessionId: string, token: string): string {
    const { id, secret } = this.#first;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, secret, iv).setAAD(contextOf(sessionId));
    const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), id, iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /**
   * Opens what was sealed for a session.
   *
   * @throws SealError when none of the keys has sealed it, or it was changed, or belongs to another session.
   */
  open(sessionId: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION)
      throw new SealError('it is not a sealed credential');
    const id = bytes.subarray(1, 1 + ID_BYTES);
    const key = this.#keys.find((one) => one.id.equals(id));
    if (key === undefined) throw new SealError('it was sealed with a key that this server does not have');
    const iv = bytes.subarray(1 + ID_BYTES, 1 + ID_BYTES + IV_BYTES);
    const decipher = createDecipheriv(CIPHER, key.secret, iv, { authTagLength: TAG_BYTES })
      .setAAD(contextOf(sessionId))
      .setAuthTag(bytes.subarray(HEAD_BYTES - TAG_BYTES, HEAD_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new SealError('it was changed, or sealed for another session', { cause });
    }
  }
}

/** Reads the keys of a file: one in each line; empty lines and those that begin with “#” do not count. */
export function parseTokenKeyFile(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** What a seal is bound to. */
function contextOf(sessionId: string): Buffer {
  return Buffer.from(`graph-sessions credential of ${sessionId}`, 'utf8');
}
