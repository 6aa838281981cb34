// Faff's wire as Express, Sequelize and Socket.IO are usually put together: the routes and events that are measured, and no
// more. Like Faff's server it prints where it listens.

import { createServer } from "node:http";
import { tmpdir } from "node:os";
import bcrypt from "bcrypt";
import express from "express";
import jwt from "jsonwebtoken";
import multer from "multer";
import { Server } from "socket.io";
import { Attachment, Message, Task, User, sequelize, withContext, withPeople } from "./models.mjs";

const secret = process.env.JWT_SECRET;
const upload = multer({ dest: tmpdir(), limits: { fileSize: 10 * 1024 * 1024, files: 5 } });

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Who a token belongs to, as the database knows them now. */
async function whose(token) {
  let claims;
  try {
    claims = jwt.verify(token ?? "", secret, { algorithms: ["HS256"] });
  } catch {
    throw new Refusal(401, "Authentication error");
  }
  const user = await User.findByPk(claims.userId, { attributes: { exclude: ["password"] } });
  if (!user?.active) throw new Refusal(401, "Authentication error");
  return user;
}

async function authenticate(request, _response, next) {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer") throw new Refusal(401, "Authentication error");
  request.user = await whose(token);
  next();
}

function positive(value, otherwise, most) {
  const number = Number(value ?? otherwise);
  if (!Number.isInteger(number) || number < 1 || number > most) throw new Refusal(400, "Not a number that is allowed");
  return number;
}

function pageOf(query) {
  const limit = positive(query.limit, 20, 100);
  const page = positive(query.page, 1, 1_000_000);
  return { limit, page, offset: (page - 1) * limit };
}

function counted({ count, limit, page }) {
  return { hasMore: page * limit < count, totalCount: count, totalPages: Math.ceil(count / limit), currentPage: page };
}

function escapeHtml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

async function existing(taskId) {
  const task = await Task.findByPk(positive(taskId, 0, Number.MAX_SAFE_INTEGER));
  if (!task) throw new Refusal(404, "There is no such task");
  return task;
}

/** Posts a message and tells everyone in the room. */
async function post(sender, taskId, { content, replyToId, clientId }, files = []) {
  const text = String(content ?? "").trim();
  if (!text && files.length === 0) throw new Refusal(400, "A message must say something");
  const task = await existing(taskId);
  if (replyToId) {
    const parent = await Message.findOne({ where: { id: replyToId, taskId: task.id } });
    if (!parent) throw new Refusal(400, "replyToId must be a message of the same task");
    await parent.increment("replyCount");
  }
  await task.increment({ seq: 1, messageCount: 1 });
  const created = await Message.create({
    taskId: task.id,
    senderId: sender.id,
    content: text,
    contentHtml: `<p>${escapeHtml(text)}</p>\n`,
    replyToId: replyToId ?? null,
    clientId: clientId ?? null,
    seq: task.seq,
  });
  await task.update({ lastMessageAt: created.createdAt });
  if (files.length > 0) {
    await Attachment.bulkCreate(files.map((file) => ({
      messageId: created.id,
      filename: file.filename,
      originalName: file.originalname,
      mimetype: file.mimetype,
      size: file.size,
    })));
  }
  const message = await Message.findByPk(created.id, { include: withContext });
  io.to(`task:${task.id}`).emit("new_message", message);
  return message;
}

const app = express();
app.use(express.json({ limit: "1mb" }));

app.get("/health/live", (_request, response) => response.json({ status: "ok" }));

app.post("/api/auth/login", async (request, response) => {
  const { email, password } = request.body ?? {};
  const user = await User.findOne({ where: { email: String(email ?? "").trim().toLowerCase() } });
  if (!user?.active || !(await bcrypt.compare(String(password ?? ""), user.password))) {
    throw new Refusal(401, "Email or password is wrong");
  }
  const token = jwt.sign({ userId: user.id, email: user.email, role: user.role }, secret, { expiresIn: "24h" });
  const { password: _, ...shown } = user.toJSON();
  response.json({ token, user: shown });
});

app.get("/api/tasks", authenticate, async (request, response) => {
  const { limit, page, offset } = pageOf(request.query);
  const where = {};
  for (const [parameter, column] of Object.entries({
    status: "status",
    priority: "priority",
    assigneeId: "assignedToId",
    assignedToId: "assignedToId",
    createdById: "createdById",
  })) {
    if (request.query[parameter]) where[column] = request.query[parameter];
  }
  const { rows, count } = await Task.findAndCountAll({
    where,
    include: withPeople,
    order: [["createdAt", "DESC"]],
    limit,
    offset,
    distinct: true,
  });
  response.json({ tasks: rows, ...counted({ count, limit, page }) });
});

app.get("/api/tasks/:id", authenticate, async (request, response) => {
  const id = positive(request.params.id, 0, Number.MAX_SAFE_INTEGER);
  const task = await Task.findByPk(id, { include: withPeople });
  if (!task) throw new Refusal(404, "There is no such task");
  response.json({ task });
});

app.get("/api/tasks/:id/messages", authenticate, async (request, response) => {
  const task = await existing(request.params.id);
  const { limit, page, offset } = pageOf(request.query);
  const { rows, count } = await Message.findAndCountAll({
    where: { taskId: task.id },
    include: withContext,
    order: [["createdAt", "ASC"]],
    limit,
    offset,
    distinct: true,
  });
  response.json({ messages: rows, ...counted({ count, limit, page }) });
});

app.post("/api/tasks/:id/messages", authenticate, upload.array("files", 5), async (request, response) => {
  const data = await post(request.user, request.params.id, request.body ?? {}, request.files ?? []);
  response.status(201).json({ message: "Message sent", data });
});

app.use((_request, _response, next) => next(new Refusal(404, "There is no such route")));
app.use((error, _request, response, _next) => {
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  const message = status >= 500 ? "Internal server error" : error.message;
  response.status(status).json({ error: message, message, status: status >= 500 ? "error" : "fail" });
});

const http = createServer(app);
const io = new Server(http, { serveClient: false });

io.use(async (socket, next) => {
  try {
    socket.data.user = await whose(socket.handshake.auth.token);
    next();
  } catch (error) {
    next(error);
  }
});

/** Runs a handler of an event and acknowledges what comes of it. */
function acknowledged(handler) {
  return async (input, ack) => {
    try {
      ack?.({ ok: true, ...(await handler(input)) });
    } catch (error) {
      ack?.({ ok: false, error: { code: "failed", message: error.message } });
    }
  };
}

io.on("connection", (socket) => {
  socket.on("join_task", acknowledged(async (input) => {
    const task = await existing(input?.taskId ?? input);
    socket.join(`task:${task.id}`);
    return { seq: task.seq, events: [], viewers: [] };
  }));
  socket.on("send_message", acknowledged(async (input) => {
    return { message: await post(socket.data.user, input?.taskId, input ?? {}) };
  }));
});

await sequelize.authenticate();
http.keepAliveTimeout = 60_000;
http.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${http.address().port}`));
process.on("SIGTERM", () => process.exit(0));
