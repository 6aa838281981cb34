// Socket.IO, version 5, as its specification has it: what a server must answer
// that sends back every message. README.md says what it is expected to offer.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { endpoint, test } from "./wire.mjs";

const engine = endpoint("/socket.io/");
const place = (num) => ({ _placeholder: true, num });
const bytes = (...values) => Buffer.from(values);

/** An EVENT packet as a frame: type, attachments, namespace, id, then what it says. */
const event = (head, ...values) => `4${head}${JSON.stringify(values)}`;

/** Connects to a namespace; gives the id it has there. The server greets with what it was told as `auth`. */
async function join(session, namespace = "", auth = undefined) {
  const prefix = namespace && `${namespace},`;
  session.send(`40${prefix}${auth === undefined ? "" : JSON.stringify(auth)}`);
  const answer = await session.next();
  assert.ok(answer.startsWith(`40${prefix}{`), answer);
  assert.equal(await session.next(), event(`2${prefix}`, "auth", auth ?? {}));
  return JSON.parse(answer.slice(2 + prefix.length)).sid;
}

/** A WebSocket, connected to the main namespace. */
async function joined(auth) {
  const session = await engine.connected();
  await join(session, "", auth);
  return session;
}

/** A session over polling, connected to the main namespace. */
async function joinedByPolling() {
  const session = await engine.polling();
  await session.send("40");
  assert.match(await session.next(), /^40\{"sid":"[^"]+"/);
  assert.equal(await session.next(), event("2", "auth", {}));
  return session;
}

/** Leaves a namespace, and waits until the server has dealt with that, by a question behind it. */
async function leave(session, namespace = "") {
  session.send(`41${namespace && `${namespace},`}`, "40/nowhere,");
  assert.match(await session.next(), /^44\/nowhere,/);
}

/** Fails when the main namespace is not at work: a message must come back. */
async function works(session) {
  session.send(event("2", "message", "still here"));
  assert.equal(await session.next(), event("2", "message-back", "still here"));
}

describe("connection to a namespace", () => {
  test("gives an id, which is not the engine's", async () => {
    const session = await engine.connected();
    const sid = await join(session);
    assert.ok(typeof sid === "string" && sid.length > 0);
    assert.notEqual(sid, session.handshake.sid);
  });

  test("works over polling", () => joinedByPolling());

  test("tells the server what the client is called", async () => {
    await joined({ token: "123" });
    await joined({ name: "zażółć", deep: { list: [1, null, true] } });
  });

  test("may be to another one", async () => {
    await join(await engine.connected(), "/custom");
    await join(await engine.connected(), "/custom", { token: "123" });
  });

  test("may be to several at once, with an id in each", async () => {
    const session = await joined();
    const custom = await join(session, "/custom", { token: "123" });
    const other = await join(await engine.connected(), "/custom");
    assert.notEqual(custom, other);
    await works(session);
  });

  test("is refused where there is none, and the connection goes on", async () => {
    const session = await engine.connected();
    session.send("40/nowhere,");
    assert.equal(await session.next(), '44/nowhere,{"message":"Invalid namespace"}');
    await join(session);
    await works(session);
  });

  test("that never comes ends the connection", async () => {
    await (await engine.connected()).closed();
    await (await engine.polling()).gone();
  });

  for (const first of [event("2", "message", "x"), "41", event("3", 1), '44{"message":"no"}', "40abc"]) {
    test(`has to come first, before ${first}`, async () => {
      const session = await engine.connected();
      session.send(first);
      await session.closed();
    });
  }
});

describe("events", () => {
  const arguments_ = {
    nothing: [],
    "a number": [1],
    "a fraction": [-1.5],
    "a string": ["2"],
    "any script": ["€ 你好 👩‍💻 \u2028"],
    "an empty string": [""],
    "what must be escaped": ['"\\\n\u0000'],
    null: [null],
    booleans: [true, false],
    "a list": [[1, [2, []]]],
    "an object": [{ a: { b: [1] }, "": null }],
    several: [1, "2", [3], { four: 4 }, null],
  };
  for (const [name, values] of Object.entries(arguments_)) {
    test(`carry ${name}`, async () => {
      const session = await joined();
      session.send(event("2", "message", ...values));
      assert.equal(await session.next(), event("2", "message-back", ...values));
    });
  }

  test("stay in order", async () => {
    const session = await joined();
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    session.send(...numbers.map((number) => event("2", "message", number)));
    const expected = numbers.map((number) => event("2", "message-back", number));
    assert.deepEqual(await session.several(300), expected);
  });

  test("work over polling", async () => {
    const session = await joinedByPolling();
    await session.send(event("2", "message", "one"), event("2", "message", "two"));
    assert.equal(await session.next(), event("2", "message-back", "one"));
    assert.equal(await session.next(), event("2", "message-back", "two"));
  });

  test("nobody listens to are let go", async () => {
    const session = await joined();
    session.send(event("2", "whatever", 1), event("213", "whatever", 1));
    await works(session);
  });

  test("go on over an upgrade", async () => {
    const before = await joinedByPolling();
    await before.send(event("2", "message", "before"));
    const after = await engine.upgraded(before);
    assert.equal(await after.next(), event("2", "message-back", "before"));
    await works(after);
  });
});

describe("acknowledgements", () => {
  const cases = { nothing: [], "one value": [1], "several values": [1, "2", { 3: [false] }, null] };
  for (const [name, values] of Object.entries(cases)) {
    test(`carry ${name}`, async () => {
      const session = await joined();
      session.send(event("2456", "message-with-ack", ...values));
      assert.equal(await session.next(), event("3456", ...values));
    });
  }

  test("go by the event's id, zero and large ones too", async () => {
    const session = await joined();
    const ids = [0, 7, 2_147_483_648, Number.MAX_SAFE_INTEGER];
    session.send(...ids.map((id) => event(`2${id}`, "message-with-ack", id)));
    assert.deepEqual(new Set(await session.several(4)), new Set(ids.map((id) => event(`3${id}`, id))));
  });

  test("nobody asked for are let go", async () => {
    const session = await joined();
    session.send(event("3999", "unasked"));
    await works(session);
  });
});

describe("binary data", () => {
  test("is carried in attachments, in their order", async () => {
    const session = await joined();
    session.send(event("52-", "message", place(0), "between", place(1)), bytes(1, 2, 3), bytes(4, 5, 6));
    const back = [event("52-", "message-back", place(0), "between", place(1)), bytes(1, 2, 3), bytes(4, 5, 6)];
    assert.deepEqual(await session.several(3), back);
  });

  test("may be deep inside", async () => {
    const session = await joined();
    session.send(event("51-", "message", { a: [{ b: place(0) }] }), bytes(255, 0));
    const back = [event("51-", "message-back", { a: [{ b: place(0) }] }), bytes(255, 0)];
    assert.deepEqual(await session.several(2), back);
  });

  test("may be empty", async () => {
    const session = await joined();
    session.send(event("51-", "message", place(0)), bytes());
    assert.deepEqual(await session.several(2), [event("51-", "message-back", place(0)), bytes()]);
  });

  test("may be acknowledged with", async () => {
    const session = await joined();
    session.send(event("51-789", "message-with-ack", place(0), "x"), bytes(7));
    assert.deepEqual(await session.several(2), [event("61-789", place(0), "x"), bytes(7)]);
  });

  test("travels over polling as base64", async () => {
    const session = await joinedByPolling();
    await session.send(event("51-", "message", place(0)), "bAQID");
    assert.equal(await session.next(), event("51-", "message-back", place(0)));
    assert.equal(await session.next(), "bAQID");
  });
});

describe("what is no packet ends the connection:", () => {
  const frames = {
    "no type": ["4"],
    "an unknown type": ["4abc"],
    "a number that is no type": ["49"],
    "an event without content": ["42"],
    "an event of an empty list": ["42[]"],
    "an event that is an object": ['42{"message":1}'],
    "an event that is a string": ['42"message"'],
    "an event whose name is an object": ["42[{}]"],
    "an event cut short": ['42["message"'],
    "an event with something behind it": ['42["message"]x'],
    "an id that is no number": ['42x["message"]'],
    "an acknowledgement that is an object": ["4312{}"],
    "attachments that are not counted": ['45["message",{"_placeholder":true,"num":0}]'],
    "an attachment that is not there": ['451-["message",{"_placeholder":true,"num":1}]', bytes(1)],
    "text where an attachment is due": ['451-["message",{"_placeholder":true,"num":0}]', event("2", "message", 1)],
    "bytes nobody announced": [bytes(1, 2, 3)],
    "a namespace the client is not in": [event("2/custom,", "message", 1)],
  };
  for (const [name, sent] of Object.entries(frames)) {
    test(name, async () => {
      const session = await joined();
      session.send(...sent);
      await session.closed();
    });
  }
});

describe("disconnection from a namespace", () => {
  test("gets no answer, and the others go on", async () => {
    const session = await joined();
    await join(session, "/custom");
    session.send("41/custom,");
    await works(session);
  });

  test("may be followed by another connection to it", async () => {
    const session = await joined();
    const first = await join(session, "/custom");
    await leave(session, "/custom");
    const second = await join(session, "/custom", { token: "again" });
    assert.notEqual(first, second);
    await works(session);
  });

  test("of the main one leaves the others alone", async () => {
    const session = await joined();
    await join(session, "/custom");
    await leave(session);
    await join(session);
    await works(session);
  });
});

describe("heartbeat", () => {
  test("keeps a connection that nothing is said on", async () => {
    const session = await joined();
    session.alive = false;
    for (let beat = 0; beat < 4; beat += 1) {
      assert.equal(await session.next(), "2");
      session.send("3");
    }
    session.alive = true;
    await works(session);
  });

  test("without an answer ends it", async () => {
    const session = await joined();
    session.alive = false;
    await session.closed();
  });
});
