// What the ⋮ of a chat offers.

import { fullName, isBotChat } from "./views.js";

export function chatMenu(view) {
  if (isBotChat(view.facts, view.user)) return botItems(view);
  return view.group ? groupItems(view) : [{ icon: "bot", text: "Ask the bot inline", run: () => view.composer.startInline("") }];
}

function botItems(view) {
  const blocked = view.store.users.get(view.user)?.blocked;
  return [
    { icon: "menu", text: "Start again", run: () => view.start() },
    { icon: "ban", text: blocked ? "Unblock the bot" : "Block the bot", danger: !blocked, run: () => view.do(blocked ? "unblock" : "block", {}) },
  ];
}

function groupItems(view) {
  const { facts, store, user } = view;
  const chat = view.chat;
  const isAdmin = facts.admins.includes(user);
  const botAdmin = facts.admins.includes(store.bot.id);
  const outside = [...store.users.values()].filter((person) => !facts.members.includes(person.id) && !person.is_bot).slice(0, 6);
  return [
    !facts.bot_member && { icon: "bot", text: `Add ${store.bot.first_name}`, run: () => view.do("add_bot", { chat, admin: facts.type === "channel" }) },
    facts.bot_member && { icon: "bot", text: botAdmin ? "Make the bot a plain member" : "Make the bot an admin", run: () => view.do("promote_bot", { chat, on: !botAdmin }) },
    ...outside.map((person) => ({ icon: "plus", text: `Add ${fullName(person)}`, run: () => view.do("add_member", { chat, member: person.id }) })),
    facts.type === "group" && isAdmin && { icon: "group", text: "Turn into a supergroup", run: () => view.do("upgrade", { chat }) },
    facts.bot_member && { icon: "ban", text: "Remove the bot", danger: true, run: () => view.do("remove_bot", { chat }) },
  ];
}
