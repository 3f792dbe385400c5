// A connection to the daemon or to a session's shim, as any client has one: frames of a length,
// a kind and a body. What it carries is in PROJECT_SPEC.md, "On the wire".

import { createConnection } from 'node:net';

const CONTROL = 1;
const OUTPUT = 2;
const SNAPSHOT = 3;

/** Connects and introduces itself. `onText` hears terminal output, where there is any. */
export function connect(path, onText = () => {}) {
  const socket = createConnection(path);
  const waiting = new Map();
  let nextId = 1;
  let rest = Buffer.alloc(0);

  const send = (message) => {
    const body = Buffer.from(JSON.stringify(message));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length + 1);
    head.writeUInt8(CONTROL, 4);
    socket.write(Buffer.concat([head, body]));
  };
  const take = (kind, body) => {
    if (kind === OUTPUT || kind === SNAPSHOT) onText(body.subarray(8).toString('latin1'));
    if (kind !== CONTROL) return;
    const { id, ok, error } = JSON.parse(body);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(error.message));
    else asked?.resolve(ok);
  };
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE()) {
      const end = 4 + rest.readUInt32BE();
      take(rest.readUInt8(4), rest.subarray(5, end));
      rest = rest.subarray(end);
    }
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error(`${path} was closed`));
  });
  socket.on('error', () => {});
  send({ major: 1, minor: 1, version: 'bench', pid: process.pid, role: 'client' });
  return {
    send,
    /** Calls a command of the daemon. */
    call: (command, args = {}) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        send({ id, command, args });
      }),
    close: () => socket.destroy(),
  };
}
