// The pay sheet: what is bought, the pretend card, and what came of it.

import { act } from "./api.js";
import { el, fill } from "./dom.js";
import { icon, spinner } from "./icons.js";
import { money } from "./money.js";
import { openOver, sheetHead } from "./sheet.js";

export function openPaySheet(view, message) {
  const { invoice } = message;
  let paid = false;
  const foot = el("div", { class: "pay-foot" });
  const over = openOver(view.phone.screen, {
    label: `Pay ${invoice.title}`,
    testid: "paysheet",
    focus: "[data-testid=pay-confirm]",
    onClose: () => !paid && act(view.user, "decline", { chat: view.chat, message_id: message.id }),
    content: (close) => [sheetHead("Checkout", close), bill(invoice), card(invoice), foot],
  });
  const ask = (error) => fill(foot,
    error ? el("p", { class: "pay-error", role: "alert", testid: "pay-error" }, error) : null,
    el("button", { class: "pay-key", testid: "pay-confirm", on: { click: pay } }, `Pay ${money(invoice.total, invoice.currency)}`),
    el("button", { class: "pay-cancel", testid: "pay-cancel", on: { click: () => over.close() } }, "Cancel"));
  async function pay() {
    over.setClosable(false);
    fill(foot, el("button", { class: "pay-key busy", disabled: true }, spinner(18), "Asking the shop …"));
    const answer = await act(view.user, "pay", { chat: view.chat, message_id: message.id, tip: 0 });
    over.setClosable(true);
    const result = answer.result ?? {};
    if (!answer.ok || result.ok === false) {
      ask(answer.error ?? result.error ?? "The payment did not go through.");
      foot.querySelector("button")?.focus();
      return;
    }
    paid = true;
    fill(foot, el("div", { class: "pay-done", role: "status", testid: "pay-done" }, el("span", { class: "pay-tick" }, icon("check", 30, 2.6)), el("strong", {}, "Paid")));
    setTimeout(() => over.close(), 1300);
  }
  ask();
  foot.querySelector("[data-testid=pay-confirm]").focus({ preventScroll: true });
}

function bill(invoice) {
  return el("div", { class: "bill" },
    el("h3", {}, invoice.title),
    el("p", {}, invoice.description),
    el("dl", {}, (invoice.prices ?? []).map((line) => el("div", {}, el("dt", {}, line.label), el("dd", {}, money(line.amount, invoice.currency))))),
    el("div", { class: "bill-total" }, el("span", {}, "Total"), el("span", {}, money(invoice.total, invoice.currency))));
}

function card(invoice) {
  const stars = invoice.currency === "XTR";
  return el("div", { class: "pay-card" },
    el("span", { class: "pay-chip" }, icon("card", 22)),
    el("span", { class: "pay-card-text" }, el("strong", {}, stars ? "Stars balance" : "Pretend card •••• 4242"), el("span", {}, "No real money moves here")));
}
