// Node's socket.io with Faff's events: joins rooms, and sends what is said to everyone in the room. It stores nothing.
// Like Faff's server it prints where it listens and checks the token's signature (HS256 with JWT_SECRET).

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const secret = process.env.JWT_SECRET ?? "";

/** The claims of a token, or nothing. */
function verify(token) {
  const [header, claims, signature] = String(token ?? "").split(".");
  if (!signature) return undefined;
  const expected = createHmac("sha256", secret).update(`${header}.${claims}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return JSON.parse(Buffer.from(claims, "base64url").toString());
}

const http = createServer((_, response) => response.writeHead(404).end());
const io = new Server(http, { serveClient: false });
let messages = 0;
const seqs = new Map();

io.use((socket, next) => {
  const claims = verify(socket.handshake.auth.token);
  if (!claims) return next(new Error("unauthorized"));
  const { userId, email } = claims;
  socket.data.user = { id: userId, name: `User number ${userId}`, email };
  next();
});

io.on("connection", (socket) => {
  socket.on("join_task", (input, ack) => {
    const taskId = input?.taskId ?? input;
    socket.join(`task:${taskId}`);
    ack?.({ ok: true, seq: seqs.get(taskId) ?? 0, events: [], viewers: [] });
  });

  socket.on("send_message", ({ taskId, content, replyToId, clientId }, ack) => {
    const sender = socket.data.user;
    const seq = (seqs.get(taskId) ?? 0) + 1;
    seqs.set(taskId, seq);
    const now = new Date().toISOString();
    const message = {
      id: ++messages,
      taskId,
      senderId: sender.id,
      sender,
      content,
      contentHtml: `<p>${content}</p>\n`,
      clientId,
      replyToId,
      replyTo: null,
      replyCount: 0,
      attachments: [],
      seq,
      createdAt: now,
      updatedAt: now,
      editedAt: null,
      deletedAt: null,
    };
    io.to(`task:${taskId}`).emit("new_message", message);
    ack?.({ ok: true, message });
  });
});

http.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${http.address().port}`));
process.on("SIGTERM", () => process.exit(0));
