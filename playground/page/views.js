// Reads the store as one person sees it: their chats, titles, unread counts, previews.

import { money } from "./money.js";

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");

export function chatOf(store, user, chat) {
  const known = store.chats.get(chat);
  if (known) return known;
  return { id: chat, type: "private", title: store.bot.first_name, members: [user], admins: [], bot_member: true };
}

export const isBotChat = (chat, user) => chat.type === "private" && chat.id === user;

export function friendIn(store, chat, user) {
  const other = chat.members.find((id) => id !== user);
  return other === undefined ? undefined : store.users.get(other);
}

export function titleOf(store, chat, user) {
  if (isBotChat(chat, user)) return store.bot.first_name;
  if (chat.type !== "private") return chat.title || "Group";
  const friend = friendIn(store, chat, user);
  return friend ? fullName(friend) : chat.title || "Chat";
}

const CHAT_COLORS = ["#d9573b", "#2f8f83", "#4b74c9", "#8a5bc7", "#c2528b", "#b9802c"];

export function faceOf(store, chat, user) {
  const title = titleOf(store, chat, user);
  if (isBotChat(chat, user)) return { name: title, color: "var(--accent)", icon: "bot" };
  const friend = chat.type === "private" ? friendIn(store, chat, user) : undefined;
  if (friend) return { name: title, color: friend.color };
  const color = CHAT_COLORS[Math.abs(chat.id) % CHAT_COLORS.length];
  return { name: title, color, square: chat.type === "channel" };
}

export function chatsOf(store, user) {
  const mine = [...store.chats.values()].filter((chat) => chat.members.includes(user) && !chat.migrated_to);
  if (!mine.some((chat) => chat.id === user)) mine.push(chatOf(store, user, user));
  return mine.filter((chat) => chat.type !== "private" || chat.id > 0 || chat.members.length === 2)
    .sort((a, b) => lastDate(store, b.id) - lastDate(store, a.id) || Number(isBotChat(b, user)) - Number(isBotChat(a, user)));
}

export const messagesOf = (store, chat) => store.messages.get(chat) ?? [];

export const lastMessage = (store, chat) => messagesOf(store, chat).at(-1);

const lastDate = (store, chat) => lastMessage(store, chat)?.date ?? 0;

export const isMine = (message, user) => message.from?.id === user && !message.service;

export function unreadCount(store, chat, user) {
  const upTo = store.read.get(`${user}:${chat}`) ?? 0;
  let count = 0;
  const list = messagesOf(store, chat);
  for (let at = list.length - 1; at >= 0 && list[at].id > upTo; at -= 1) {
    if (list[at].from?.id !== user && !list[at].service) count += 1;
  }
  return count;
}

export function seenByOthers(store, message, user) {
  const chat = chatOf(store, user, message.chat);
  if (chat.bot_member && chat.type === "private") return true;
  return chat.members.some((id) => id !== user && (store.read.get(`${id}:${message.chat}`) ?? 0) >= message.id);
}

export function senderName(store, message) {
  if (message.sender_chat) return store.chats.get(message.sender_chat)?.title ?? "Channel";
  const user = store.users.get(message.from?.id);
  return user ? fullName(user) : message.from?.name ?? "";
}

export function preview(message) {
  if (message.service) return message.service;
  const text = message.text ?? message.caption ?? "";
  if (message.invoice) return `Invoice · ${message.invoice.title} · ${money(message.invoice.total, message.invoice.currency)}`;
  if (message.payment) return `Paid ${money(message.payment.total, message.payment.currency)}`;
  if (message.location) return "Location";
  if (message.contact) return "Contact";
  if (message.document) return `📄 ${message.document}`;
  if (message.photo) return text ? `🖼 ${text}` : message.album ? "🖼 Album" : "🖼 Photo";
  return text;
}

export const blockedBot = (store, user) => Boolean(store.users.get(user)?.blocked);
