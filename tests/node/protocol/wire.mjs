// What the protocols' suites share: HTTP requests and WebSocket frames as they
// are, with as little cleverness in between as possible.

import assert from "node:assert/strict";
import { after, test as unhurried } from "node:test";
import { WebSocket } from "ws";

export const SEPARATOR = "\x1e";

const SERVER = process.env.FAFF_PROTOCOL_URL ?? "http://127.0.0.1:3000";

/** A test that waits for what never comes fails; a heartbeat's silence takes half a second. */
export const test = (name, story) => unhurried(name, { timeout: 10_000 }, story);

/** The endpoint at a path: `/engine.io/`, say. */
export function endpoint(path) {
  const url = (query) => `${SERVER}${path}?${new URLSearchParams(query)}`;
  const request = (query, options) => fetch(url(query), options);
  return {
    request,
    /** A frame reader at `query`; its connection may yet be refused. */
    webSocket: (query) => new Frames(new WebSocket(url(query).replace(/^http/, "ws"))),
    /** A session over HTTP long-polling, its handshake done. */
    async polling() {
      const response = await request({ EIO: "4", transport: "polling" });
      assert.equal(response.status, 200);
      return new Polling(request, opened(await response.text()));
    },
    /** A session over WebSocket, its handshake done. */
    async connected() {
      const frames = this.webSocket({ EIO: "4", transport: "websocket" });
      frames.handshake = opened(await frames.next());
      return frames;
    },
    /** A session that began with polling and is now a WebSocket. */
    async upgraded(session) {
      const frames = this.webSocket({ EIO: "4", transport: "websocket", sid: session.sid });
      await frames.open();
      frames.send("2probe");
      assert.equal(await frames.next(), "3probe");
      frames.send("5");
      return frames;
    },
  };
}

/** What an open packet says. */
function opened(packet) {
  assert.equal(packet[0], "0", `not an open packet: ${packet}`);
  return JSON.parse(packet.slice(1));
}

/** A session over HTTP long-polling. */
class Polling {
  #request;
  #received = [];

  constructor(request, handshake) {
    this.#request = request;
    this.handshake = handshake;
    this.sid = handshake.sid;
  }

  get query() {
    return { EIO: "4", transport: "polling", sid: this.sid };
  }

  /** The response to one GET. */
  get(options) {
    return this.#request(this.query, options);
  }

  /** The response to one POST. */
  post(body) {
    return this.#request(this.query, { method: "POST", body });
  }

  /** Sends packets in one payload. */
  async send(...packets) {
    const response = await this.post(packets.join(SEPARATOR));
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "ok");
  }

  /** The packets of one GET, pings among them. */
  async payload() {
    const response = await this.get();
    assert.equal(response.status, 200);
    return (await response.text()).split(SEPARATOR);
  }

  /** The next packet that is no ping; pings are answered. */
  async next() {
    while (this.#received.length === 0) {
      for (const packet of await this.payload()) {
        if (packet === "2") await this.send("3");
        else this.#received.push(packet);
      }
    }
    return this.#received.shift();
  }

  /** Waits until the server knows nothing of the session. */
  async gone() {
    while ((await drained(await this.get())) !== 400);
  }
}

/** The status of a response, read to its end. */
export async function drained(response) {
  await response.arrayBuffer();
  return response.status;
}

// A connection that a failed test left open would keep the process alive.
const sockets = new Set();
after(() => sockets.forEach((socket) => socket.terminate()));

/** The frames of a WebSocket: text as strings, binary as Buffers. */
class Frames {
  #received = [];
  #waiting = [];
  #ended;

  constructor(socket) {
    this.socket = socket;
    sockets.add(socket);
    // Whether pings are answered and kept from the reader.
    this.alive = true;
    socket.on("message", (data, binary) => this.#take(binary ? data : data.toString()));
    // A refused connection is an error first and then closed; either will do.
    socket.on("error", () => {});
    this.#ended = new Promise((resolve) => socket.on("close", resolve));
    this.#ended.then(() => this.#waiting.splice(0).forEach(({ reject }) => reject(new Error("the server closed"))));
  }

  #take(frame) {
    if (this.alive && frame === "2") return this.send("3");
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(frame);
    else this.#received.push(frame);
  }

  open() {
    return new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.#ended.then(() => reject(new Error("the server refused")));
    });
  }

  send(...frames) {
    for (const frame of frames) this.socket.send(frame);
  }

  /** The next frame; none will come once the connection is closed. */
  next() {
    if (this.#received.length > 0) return Promise.resolve(this.#received.shift());
    if (this.socket.readyState >= WebSocket.CLOSING) return Promise.reject(new Error("the server closed"));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** The next `count` frames. */
  async several(count) {
    const frames = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** Waits until the server has ended, or refused, the connection. */
  closed() {
    return this.#ended;
  }

  close() {
    this.socket.terminate();
  }
}
