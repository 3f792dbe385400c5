// A connection to the daemon or to a session's shim, as any client has one: frames of a length,
// a kind and a body. What it carries is in PROJECT_SPEC.md, "On the wire".

import { createConnection } from 'node:net';

const CONTROL = 1;
const OUTPUT = 2;
const SNAPSHOT = 3;
const INPUT = 4;

/**
 * Connects and introduces itself. `onText` hears terminal output, where there is any, and
 * `onMessage` every message that answers no call.
 */
export function connect(path, onText = () => {}, onMessage = null) {
  const socket = createConnection(path);
  const waiting = new Map();
  let nextId = 1;
  let rest = Buffer.alloc(0);

  const frame = (kind, body) => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length + 1);
    head.writeUInt8(kind, 4);
    socket.write(Buffer.concat([head, body]));
  };
  const send = (message) => frame(CONTROL, Buffer.from(JSON.stringify(message)));
  const take = (kind, body) => {
    if (kind === OUTPUT || kind === SNAPSHOT) {
      onText(body.subarray(8).toString('latin1'));
      send({ type: 'ack', offset: Number(body.readBigUInt64BE()) });
    }
    if (kind !== CONTROL) return;
    const message = JSON.parse(body);
    const { id, ok, error } = message;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (!asked) onMessage?.(message);
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
  const subscribe = onMessage !== null;
  send({ major: 1, minor: 2, version: 'bench', pid: process.pid, role: 'client', subscribe });
  return {
    send,
    /** Types bytes into a session. */
    type: (bytes) => frame(INPUT, Buffer.from(bytes)),
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
