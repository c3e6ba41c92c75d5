// Groups messages into what is drawn as one: a bubble or an album, with its place in a run and its day.

import { dayKey } from "./time.js";
import { isMine } from "./views.js";

const RUN_SECONDS = 600;

const author = (message) => (message.service ? "service" : `${message.sender_chat ?? message.from?.id ?? ""}`);

function joins(before, after) {
  if (!before || before.service || after.service) return false;
  return author(before) === author(after) && after.date - before.date < RUN_SECONDS && dayKey(before.date) === dayKey(after.date);
}

function albums(messages) {
  const units = [];
  for (const message of messages) {
    const before = units.at(-1);
    if (message.album && before?.messages[0].album === message.album) before.messages.push(message);
    else units.push({ key: `${message.chat}-${message.id}`, messages: [message] });
  }
  return units;
}

export function unitsOf(messages, user, group, firstUnread) {
  const units = albums(messages);
  units.forEach((unit, at) => {
    const [message] = unit.messages;
    const before = units[at - 1]?.messages[0];
    const after = units[at + 1]?.messages[0];
    unit.mine = isMine(message, user);
    unit.first = !joins(before, message) || firstUnread === message.id;
    unit.last = !after || !joins(message, after) || firstUnread === after.id;
    unit.day = !before || dayKey(before.date) !== dayKey(message.date);
    unit.unread = firstUnread === message.id;
    unit.named = group && !unit.mine && unit.first;
    unit.faced = group && !unit.mine && unit.last;
  });
  return units;
}

export function sameContent(a, b) {
  if (a.messages.length !== b.messages.length || a.named !== b.named || a.mine !== b.mine) return false;
  return a.messages.every((message, at) => message === b.messages[at]);
}

export const samePlace = (a, b) => a.first === b.first && a.last === b.last && a.day === b.day && a.unread === b.unread && a.faced === b.faced;
