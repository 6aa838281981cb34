// Engine.IO, version 4, as its specification has it: what a server must answer
// that sends back every message. README.md says what it is expected to offer.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { SEPARATOR, drained, endpoint, test } from "./wire.mjs";

const engine = endpoint("/engine.io/");
const hello = { EIO: "4", transport: "polling" };

/** Fails when the session is not at work: a message must come back. */
async function works(session) {
  await session.send("4still here");
  assert.equal(await session.next(), "4still here");
}

describe("handshake", () => {
  const complete = ({ sid, upgrades, pingInterval, pingTimeout, maxPayload }, expected) => {
    assert.ok(typeof sid === "string" && sid.length > 0);
    assert.deepEqual(upgrades, expected);
    for (const number of [pingInterval, pingTimeout, maxPayload]) assert.ok(Number.isInteger(number) && number > 0);
  };

  test("over polling it offers the upgrade", async () => {
    const response = await engine.request(hello);
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type"), /^text\/plain/);
    const body = await response.text();
    assert.equal(body[0], "0");
    complete(JSON.parse(body.slice(1)), ["websocket"]);
  });

  test("over WebSocket there is nothing to upgrade to", async () => {
    const session = await engine.connected();
    complete(session.handshake, []);
    session.close();
  });

  test("sessions have ids of their own", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await engine.polling()).sid));
    assert.equal(new Set(ids).size, 20);
  });

  const wrong = {
    "no version": { transport: "polling" },
    "an older version": { EIO: "3", transport: "polling" },
    "a version that is none": { EIO: "abc", transport: "polling" },
    "no transport": { EIO: "4" },
    "an unknown transport": { EIO: "4", transport: "pigeon" },
    "an unknown session": { ...hello, sid: "nobody" },
  };
  for (const [name, query] of Object.entries(wrong)) {
    test(`${name} is a bad request`, async () => assert.equal(await drained(await engine.request(query)), 400));
  }

  for (const method of ["POST", "PUT"]) {
    test(`by ${method} is a bad request`, async () => {
      assert.equal(await drained(await engine.request(hello, { method, body: "4a" })), 400);
    });
  }

  const refused = {
    "no version": { transport: "websocket" },
    "a version that is none": { EIO: "abc", transport: "websocket" },
    "no transport": { EIO: "4" },
    "an unknown transport": { EIO: "4", transport: "pigeon" },
    "an unknown session": { EIO: "4", transport: "websocket", sid: "nobody" },
  };
  for (const [name, query] of Object.entries(refused)) {
    test(`${name} ends a WebSocket`, () => engine.webSocket(query).closed());
  }
});

describe("messages over polling", () => {
  test("come back", async () => {
    const session = await engine.polling();
    await session.send("4hello");
    assert.deepEqual(await session.payload(), ["4hello"]);
  });

  test("come back to a request that waits", async () => {
    const session = await engine.polling();
    const payload = session.payload();
    await session.send("4hello");
    assert.deepEqual(await payload, ["4hello"]);
  });

  test("of one payload stay in order", async () => {
    const session = await engine.polling();
    const packets = ["4one", "4two", "4", "4four"];
    await session.send(...packets);
    const received = [];
    while (received.length < packets.length) received.push(await session.next());
    assert.deepEqual(received, packets);
  });

  test("may be written in any script", async () => {
    const session = await engine.polling();
    await session.send("4€ zażółć 你好 👩‍💻", "4ß");
    assert.equal(await session.next(), "4€ zażółć 你好 👩‍💻");
    assert.equal(await session.next(), "4ß");
  });

  test("may be binary, and travel as base64", async () => {
    const session = await engine.polling();
    await session.send("4text", "bAQIDBA==", "b");
    assert.equal(await session.next(), "4text");
    assert.equal(await session.next(), "bAQIDBA==");
    assert.equal(await session.next(), "b");
  });

  test("may be nearly as long as a payload may be", async () => {
    const session = await engine.polling();
    const long = "4" + "x".repeat(session.handshake.maxPayload - 1);
    await session.send(long);
    assert.ok((await session.next()) === long);
  });

  test("beyond the longest payload are refused", async () => {
    const session = await engine.polling();
    // The server may stop reading half-way, which is a failure to send.
    const status = await session.post("4" + "x".repeat(session.handshake.maxPayload)).then(drained, () => 413);
    assert.ok(status >= 400 && status < 500, `${status}`);
  });

  const bodies = { "an unknown packet": "abc", "an unknown packet later": `4a${SEPARATOR}x` };
  for (const [name, body] of Object.entries(bodies)) {
    test(`${name} ends the session`, async () => {
      const session = await engine.polling();
      // Whether it is the POST that fails is not laid down.
      await drained(await session.post(body));
      await session.gone();
    });
  }

  test("to an unknown session are a bad request", async () => {
    const response = await engine.request({ ...hello, sid: "nobody" }, { method: "POST", body: "4hello" });
    assert.equal(await drained(response), 400);
  });

  test("received twice at once are a bad request, and the end of the session", async () => {
    const session = await engine.polling();
    const statuses = await Promise.all([session.get(), session.get()].map(async (get) => drained(await get)));
    assert.ok(statuses.includes(400), `${statuses}`);
    await session.gone();
  });

  test("end with a close packet, which ends the request that waits", async () => {
    const session = await engine.polling();
    const waiting = session.get();
    await session.send("1");
    assert.ok([200, 400].includes(await drained(await waiting)));
    assert.equal(await drained(await session.get()), 400);
    assert.equal(await drained(await session.post("4hello")), 400);
  });
});

describe("messages over WebSocket", () => {
  test("come back in order, text and binary", async () => {
    const session = await engine.connected();
    const sent = ["4hello", Buffer.from([1, 2, 3]), "4€ 👩‍💻", "4", Buffer.alloc(0)];
    session.send(...sent);
    assert.deepEqual(await session.several(5), sent);
    session.close();
  });

  test("many come back in order", async () => {
    const session = await engine.connected();
    const sent = Array.from({ length: 500 }, (_, number) => `4${number}`);
    session.send(...sent);
    assert.deepEqual(await session.several(500), sent);
    session.close();
  });

  test("beyond the longest payload end the session", async () => {
    const session = await engine.connected();
    session.send("4" + "x".repeat(session.handshake.maxPayload + 1));
    await session.closed();
  });

  for (const frame of ["abc", "", "9"]) {
    test(`${JSON.stringify(frame)} is no packet and ends the session`, async () => {
      const session = await engine.connected();
      session.send(frame);
      await session.closed();
    });
  }

  test("cannot be had by polling", async () => {
    const session = await engine.connected();
    const query = { ...hello, sid: session.handshake.sid };
    assert.equal(await drained(await engine.request(query)), 400);
    assert.equal(await drained(await engine.request(query, { method: "POST", body: "4hello" })), 400);
    await works(session);
    session.close();
  });

  test("need no second connection: it is ended", async () => {
    const session = await engine.connected();
    await engine.webSocket({ EIO: "4", transport: "websocket", sid: session.handshake.sid }).closed();
    await works(session);
    session.close();
  });
});

describe("heartbeat", () => {
  test("over polling, pings that are answered keep a session", async () => {
    const session = await engine.polling();
    for (let beat = 0; beat < 3; beat += 1) {
      assert.deepEqual(await session.payload(), ["2"]);
      await session.send("3");
    }
    await works(session);
  });

  test("over polling, a ping without an answer ends it", async () => {
    const session = await engine.polling();
    assert.deepEqual(await session.payload(), ["2"]);
    await session.gone();
  });

  test("over polling, a client that never comes is forgotten", async () => {
    const session = await engine.polling();
    const { pingInterval, pingTimeout } = session.handshake;
    // To ask is to come, so that there is only waiting: twice as long as it may take.
    await new Promise((resolve) => setTimeout(resolve, 2 * (pingInterval + pingTimeout)));
    assert.equal(await drained(await session.get()), 400);
  });

  test("over WebSocket, pings that are answered keep a session", async () => {
    const session = await engine.connected();
    session.alive = false;
    for (let beat = 0; beat < 3; beat += 1) {
      assert.equal(await session.next(), "2");
      session.send("3");
    }
    session.send("4still here");
    assert.equal(await session.next(), "4still here");
    session.close();
  });

  test("over WebSocket, a ping without an answer ends it", async () => {
    const session = await engine.connected();
    session.alive = false;
    assert.equal(await session.next(), "2");
    await session.closed();
  });

  test("goes on after an upgrade", async () => {
    const session = await engine.upgraded(await engine.polling());
    session.alive = false;
    assert.equal(await session.next(), "2");
    session.send("3");
    assert.equal(await session.next(), "2");
    await session.closed();
  });
});

describe("upgrade", () => {
  test("leaves polling for good", async () => {
    const before = await engine.polling();
    const after = await engine.upgraded(before);
    await works(after);
    assert.equal(await drained(await before.get()), 400);
    assert.equal(await drained(await before.post("4hello")), 400);
    await works(after);
    after.close();
  });

  test("lets the request go that waits", async () => {
    const before = await engine.polling();
    const waiting = before.payload();
    const after = engine.webSocket({ EIO: "4", transport: "websocket", sid: before.sid });
    await after.open();
    after.send("2probe");
    assert.equal(await after.next(), "3probe");
    assert.deepEqual(await waiting, ["6"]);
    after.send("5");
    await works(after);
    after.close();
  });

  test("loses no message that came before it was complete", async () => {
    const before = await engine.polling();
    const after = engine.webSocket({ EIO: "4", transport: "websocket", sid: before.sid });
    await after.open();
    after.send("2probe");
    assert.equal(await after.next(), "3probe");
    await before.send("4one", "4two");
    after.send("5", "4three");
    assert.deepEqual(await after.several(3), ["4one", "4two", "4three"]);
    after.close();
  });

  test("that does not begin with a probe is none, and polling goes on", async () => {
    const session = await engine.polling();
    const frames = engine.webSocket({ EIO: "4", transport: "websocket", sid: session.sid });
    await frames.open();
    frames.send("4hello");
    await frames.closed();
    await works(session);
  });

  test("that is given up leaves polling as it was", async () => {
    const session = await engine.polling();
    const frames = engine.webSocket({ EIO: "4", transport: "websocket", sid: session.sid });
    await frames.open();
    frames.send("2probe");
    assert.equal(await frames.next(), "3probe");
    frames.close();
    await works(session);
  });

  test("happens once", async () => {
    const before = await engine.polling();
    const after = await engine.upgraded(before);
    await works(after);
    await engine.webSocket({ EIO: "4", transport: "websocket", sid: before.sid }).closed();
    await works(after);
    after.close();
  });
});
