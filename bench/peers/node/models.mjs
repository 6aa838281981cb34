// The tables of schema.sql as Sequelize's models.

import { DataTypes, Sequelize } from "sequelize";

export const sequelize = new Sequelize(process.env.DATABASE_URL, {
  dialect: "postgres",
  logging: false,
  // As many connections as Faff's pool has.
  pool: { max: 20, min: 0, acquire: 30_000, idle: 10_000 },
  define: { schema: "peer", underscored: true },
});

const { ARRAY, DATE, INTEGER, STRING, TEXT, BOOLEAN } = DataTypes;

export const User = sequelize.define("User", {
  name: { type: STRING(100), allowNull: false },
  email: { type: STRING, allowNull: false, unique: true, validate: { isEmail: true } },
  password: { type: STRING, allowNull: false },
  role: { type: STRING, allowNull: false, defaultValue: "user", validate: { isIn: [["admin", "user"]] } },
  active: { type: BOOLEAN, allowNull: false, defaultValue: true },
}, { tableName: "users" });

export const Task = sequelize.define("Task", {
  title: { type: STRING, allowNull: false, validate: { len: [1, 255] } },
  description: { type: TEXT, allowNull: false },
  descriptionHtml: { type: TEXT, allowNull: false },
  priority: { type: STRING, allowNull: false, defaultValue: "medium", validate: { isIn: [["low", "medium", "high", "urgent"]] } },
  status: { type: STRING, allowNull: false, defaultValue: "open", validate: { isIn: [["open", "in_progress", "resolved", "closed"]] } },
  visibility: { type: STRING, allowNull: false, defaultValue: "team" },
  tags: { type: ARRAY(STRING), allowNull: false, defaultValue: [] },
  assignedToId: { type: INTEGER },
  createdById: { type: INTEGER, allowNull: false },
  messageCount: { type: INTEGER, allowNull: false, defaultValue: 0 },
  lastMessageAt: { type: DATE },
  seq: { type: INTEGER, allowNull: false, defaultValue: 0 },
  version: { type: INTEGER, allowNull: false, defaultValue: 1 },
  resolvedAt: { type: DATE },
}, { tableName: "tasks" });

export const Message = sequelize.define("Message", {
  taskId: { type: INTEGER, allowNull: false },
  senderId: { type: INTEGER, allowNull: false },
  content: { type: TEXT, allowNull: false, validate: { len: [1, 20_000] } },
  contentHtml: { type: TEXT, allowNull: false },
  clientId: { type: STRING },
  replyToId: { type: INTEGER },
  replyCount: { type: INTEGER, allowNull: false, defaultValue: 0 },
  seq: { type: INTEGER, allowNull: false },
  editedAt: { type: DATE },
  deletedAt: { type: DATE },
}, { tableName: "messages" });

export const Attachment = sequelize.define("Attachment", {
  id: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4, primaryKey: true },
  messageId: { type: INTEGER, allowNull: false },
  filename: { type: STRING, allowNull: false },
  originalName: { type: STRING, allowNull: false },
  mimetype: { type: STRING, allowNull: false },
  size: { type: INTEGER, allowNull: false },
}, { tableName: "attachments", updatedAt: false });

Task.belongsTo(User, { as: "assignedTo", foreignKey: "assignedToId" });
Task.belongsTo(User, { as: "createdBy", foreignKey: "createdById" });
Task.hasMany(Message, { as: "messages", foreignKey: "taskId" });
Message.belongsTo(Task, { as: "task", foreignKey: "taskId" });
Message.belongsTo(User, { as: "sender", foreignKey: "senderId" });
Message.belongsTo(Message, { as: "replyTo", foreignKey: "replyToId" });
Message.hasMany(Attachment, { as: "attachments", foreignKey: "messageId" });

const person = ["id", "name", "email"];

export const withPeople = [
  { model: User, as: "assignedTo", attributes: person },
  { model: User, as: "createdBy", attributes: person },
];

export const withContext = [
  { model: User, as: "sender", attributes: person },
  { model: Attachment, as: "attachments" },
  {
    model: Message,
    as: "replyTo",
    attributes: ["id", "content"],
    include: [{ model: User, as: "sender", attributes: person }],
  },
];
