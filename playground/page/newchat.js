// The sheet that makes a new group or channel.

import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { openOver, sheetHead } from "./sheet.js";
import { fullName } from "./views.js";

export function newChatSheet(phone, kind) {
  const title = el("input", { class: "caption", placeholder: kind === "group" ? "Group name" : "Channel name", "aria-label": "Name", testid: "new-title", max: 128 });
  const others = [...phone.store.users.values()].filter((person) => person.id !== phone.user);
  const ticks = new Map(others.map((person) => [person.id, el("input", { type: "checkbox" })]));
  const make = async (close) => {
    const name = title.value.trim();
    if (!name) return title.focus();
    const members = [...ticks].filter(([, tick]) => tick.checked).map(([id]) => id);
    const answer = await act(phone.user, kind === "group" ? "new_group" : "new_channel", kind === "group" ? { title: name, members } : { title: name });
    if (!answer.ok) return phone.toast(answer.error, "bad");
    close();
    return phone.openChat(answer.result.chat);
  };
  openOver(phone.screen, {
    label: kind === "group" ? "New group" : "New channel",
    testid: "newchat",
    focus: "input",
    content: (close) => [
      sheetHead(kind === "group" ? "New group" : "New channel", close),
      title,
      kind === "group" ? el("div", { class: "picker-list" }, others.map((person) => el("label", { class: "pick" }, avatar({ name: fullName(person), color: person.color }, 40), el("span", { class: "pick-text" }, el("strong", {}, fullName(person))), ticks.get(person.id)))) : null,
      el("button", { class: "pay-key", testid: "new-make", on: { click: () => make(close) } }, "Create"),
    ],
  });
}
