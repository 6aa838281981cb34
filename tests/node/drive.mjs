// Drives npm's Socket.IO client for tests written in Rust: one JSON command a
// line on standard input, one JSON answer or report a line on standard output.
//
//   {"id":1,"do":"connect","as":"bo","url":"http://…","token":"…","options":{…}}
//   {"id":2,"do":"emit","as":"bo","event":"join_task","args":[…],"ack":true,"timeout":5000}
//   {"id":3,"do":"disconnect","as":"bo"}   leaves as a person would
//   {"id":4,"do":"drop","as":"bo"}         cuts the transport; the client comes back
//   {"id":5,"do":"exit"}
//
// Every command is answered once, in whatever order they finish:
//   {"id":2,"ok":true,"ack":[…]}  or  {"id":2,"ok":false,"error":"…"}
// `connect` is answered when the client is made; what came of it is a report:
//   {"as":"bo","lifecycle":"connect","sid":"…","recovered":false,"at":…}
//   {"as":"bo","lifecycle":"connect_error","message":"…","data":…,"at":…}
//   {"as":"bo","lifecycle":"disconnect","reason":"…","at":…}
//   {"as":"bo","lifecycle":"upgrade","transport":"websocket","at":…}
//   {"as":"bo","event":"new_message","args":[…],"at":…}
// `at` is in milliseconds since 1970. Binary arguments are {"base64":"…"} both ways.

import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const clients = new Map();

const say = (line) => process.stdout.write(JSON.stringify(line, plain) + "\n");
const report = (as, what) => say({ as, ...what, at: Date.now() });

/** The commands, by name. What one returns becomes part of its answer. */
const commands = {
  connect({ as, url, token, options = {} }) {
    // A name used again is a new client: the old one must not go on reporting.
    clients.get(as)?.removeAllListeners().offAny().disconnect();
    // `forceNew`: two people on one URL would otherwise share a connection.
    const socket = io(url, { forceNew: true, ...(token === undefined ? {} : { auth: { token } }), ...options });
    clients.set(as, socket);
    socket.on("connect", () => {
      const { id: sid, recovered = false } = socket;
      report(as, { lifecycle: "connect", sid, recovered });
    });
    socket.on("connect_error", ({ message, data }) => report(as, { lifecycle: "connect_error", message, data }));
    socket.on("disconnect", (reason) => report(as, { lifecycle: "disconnect", reason }));
    // The engine is another one after each reconnection.
    socket.io.on("open", () =>
      socket.io.engine.on("upgrade", ({ name }) => report(as, { lifecycle: "upgrade", transport: name })),
    );
    socket.onAny((event, ...args) => report(as, { event, args }));
  },

  async emit({ as, event, args = [], ack = false, timeout = 5000 }) {
    const socket = client(as);
    const values = args.map(binary);
    if (!ack) {
      socket.emit(event, ...values);
      return {};
    }
    // Not `emitWithAck`, which keeps only the first value of an acknowledgement.
    return new Promise((resolve, reject) => {
      socket.timeout(timeout).emit(event, ...values, (error, ...ack) => (error ? reject(error) : resolve({ ack })));
    });
  },

  disconnect({ as }) {
    client(as).disconnect();
  },

  drop({ as }) {
    client(as).io.engine.close();
  },

  exit() {
    for (const socket of clients.values()) socket.disconnect();
    // After the answer has been written.
    setImmediate(() => process.exit(0));
  },
};

function client(as) {
  const socket = clients.get(as);
  if (!socket) throw new Error(`nobody is connected as ${as}`);
  return socket;
}

/** Bytes as JSON has them. A Buffer has turned itself into an object already. */
function plain(_key, value) {
  if (value?.type === "Buffer" && Array.isArray(value.data)) {
    return { base64: Buffer.from(value.data).toString("base64") };
  }
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value;
}

/** The reverse, at any depth. */
function binary(value) {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.base64 === "string" && Object.keys(value).length === 1) return Buffer.from(value.base64, "base64");
  if (Array.isArray(value)) return value.map(binary);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, binary(inner)]));
}

const lines = createInterface({ input: process.stdin });

lines.on("line", async (line) => {
  let id;
  try {
    const command = JSON.parse(line);
    id = command.id;
    if (!Object.hasOwn(commands, command.do)) throw new Error(`there is no command ${command.do}`);
    const answer = await commands[command.do](command);
    say({ id, ok: true, ...answer });
  } catch (error) {
    say({ id, ok: false, error: error.message });
  }
});

// A test that is gone, even one that was killed, takes its clients with it.
lines.on("close", () => process.exit(0));
