// Renders message text with its entities; offsets are UTF-16 units, which is what strings count here.

import { el } from "./dom.js";
import { entityTime, fullMoment } from "./time.js";

const FOUND = /(https?:\/\/[^\s<>"'，。）】]+[^\s<>"'，。）】.,;:!?)])|(^|(?<=\s))(\/[a-z][a-z0-9_]{0,31}(?:@\w+)?)(?![\w/])|((?<![\w@])@[A-Za-z]\w{3,31})/g;
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const OPAQUE = new Set(["code", "pre", "url", "text_link", "mention", "bot_command", "text_mention"]);

export function renderText(text, entities, doing) {
  const sorted = [...(entities ?? [])].filter((entity) => entity.length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  const root = document.createDocumentFragment();
  build(root, text, 0, text.length, sorted, doing, false);
  return root;
}

function build(parent, text, from, to, entities, doing, opaque) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    const inner = others.filter((other) => other.offset < end);
    rest = others.filter((other) => other.offset >= end);
    if (end <= start) continue;
    const block = BLOCKS.has(entity.type);
    leaf(parent, blockEdge(text.slice(at, start), block), doing, opaque);
    const node = element(entity, text.slice(start, end), doing);
    build(node.inner ?? node, text, start, end, inner, doing, opaque || OPAQUE.has(entity.type));
    parent.append(node);
    at = end;
    if (block && text[at] === "\n") at += 1;
  }
  leaf(parent, text.slice(at, to), doing, opaque);
}

const blockEdge = (gap, block) => (block && gap.endsWith("\n") ? gap.slice(0, -1) : gap);

function leaf(parent, text, doing, opaque) {
  if (!text) return;
  if (opaque) return void parent.append(text);
  let at = 0;
  for (const found of text.matchAll(FOUND)) {
    const value = found[1] ?? found[3] ?? found[4];
    const start = found.index + found[0].indexOf(value);
    parent.append(text.slice(at, start));
    const node = found[1] ? link(value, value, doing) : found[3] ? command(value, doing) : mention(value, doing);
    node.append(value);
    parent.append(node);
    at = start + value.length;
  }
  parent.append(text.slice(at));
}

function element(entity, text, doing) {
  const tag = PLAIN_TAGS[entity.type];
  if (tag) return el(tag);
  switch (entity.type) {
    case "text_link": return link(entity.url, text, doing);
    case "url": return link(text, text, doing);
    case "bot_command": return command(text, doing);
    case "mention": return mention(text, doing);
    case "spoiler": return spoiler();
    case "pre": return pre(entity.language);
    case "blockquote": return el("blockquote");
    case "expandable_blockquote": return expandable(text);
    case "date_time": return moment(entity, text, doing);
    case "hashtag": case "cashtag": case "text_mention": case "email": case "phone_number": return el("span", { class: "linkish" });
    default: return el("span");
  }
}

function safeAddress(url) {
  try {
    const address = new URL(/^[a-z]+:/i.test(url) ? url : `https://${url}`);
    return ["http:", "https:", "tg:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

function link(url, text, doing) {
  const address = safeAddress(url ?? text);
  if (!address) return el("span");
  const open = (event) => {
    event.preventDefault();
    doing.openLink(address);
  };
  return el("a", { href: address, rel: "noopener noreferrer", target: "_blank", on: { click: open } });
}

function inPlace(run) {
  const go = (event) => {
    event.preventDefault();
    run();
  };
  return el("a", { class: "linkish", href: "#", draggable: false, on: { click: go } });
}

const command = (text, doing) => inPlace(() => doing.say(text));

export const mention = (text, doing) => inPlace(() => doing.mention(text));

function spoiler() {
  const node = el("span", { class: "spoiler", role: "button", tabIndex: 0, "aria-label": "Hidden text, press to show" });
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    node.classList.add("shown");
    node.removeAttribute("role");
    node.removeAttribute("aria-label");
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", show);
  return node;
}

function pre(language) {
  const inner = el("code");
  const node = el("pre", { "data-language": language ?? null }, inner);
  node.inner = inner;
  return node;
}

function expandable(text) {
  const inner = el("span", { class: "quote-text" });
  const long = text.length > 120 || text.split("\n").length > 3;
  if (!long) {
    const short = el("blockquote", {}, inner);
    short.inner = inner;
    return short;
  }
  const toggle = el("button", { class: "quote-more", "aria-expanded": "false", "aria-label": "Show the whole quote" });
  const node = el("blockquote", { class: "expandable" }, inner, toggle);
  toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(node.classList.toggle("expanded"))));
  node.inner = inner;
  return node;
}

function moment(entity, text, doing) {
  const format = entity.date_time_format ?? "";
  const node = el("time", { class: "moment", title: fullMoment(entity.unix_time) });
  node.dateTime = new Date(entity.unix_time * 1000).toISOString();
  if (!format) return node;
  const shown = el("span", {}, entityTime(entity.unix_time, format, doing.now(), doing.language()));
  if (format.includes("r")) shown.dataset.relative = String(entity.unix_time);
  node.append(shown);
  node.inner = document.createDocumentFragment();
  return node;
}
