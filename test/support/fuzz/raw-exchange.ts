import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { within } from './within.js';

/** A server has so long to close a connection whose other side has finished sending. */
const DEADLINE_MS = 20_000;

/**
 * Sends bytes (Latin-1) in pieces, says that nothing more comes, and resolves with all bytes of the answer when
 * the server closes the connection.
 */
export async function exchange(port: number, pieces: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1').setNoDelay();
  let answer = '';
  let isOpen = true;
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      isOpen = false;
      resolve();
    });
  });
  // A server may close as soon as it sees that a request is none; what is still being written is lost then.
  socket.on('error', () => undefined);
  socket.on('data', (text: string) => (answer += text));
  for (const piece of pieces) {
    if (isOpen) socket.write(piece, 'latin1');
    if (pieces.length > 1) await delay(1);
  }
  if (isOpen) socket.end();
  try {
    await within(DEADLINE_MS, closed, () => 'a connection stays open');
  } finally {
    socket.destroy();
  }
  return answer;
}

/** The statuses of all answers in these bytes. */
export function statusesOf(answer: string): readonly number[] {
  return [...answer.matchAll(/(?:^|\r\n\r\n|\})HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}
