import type { AddressInfo, Server } from 'node:net';
import type { TestContext } from 'node:test';

/** Starts a server on a free port of this machine; it is closed after the test. Resolves with the port. */
export async function listening(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}
