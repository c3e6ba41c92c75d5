// The page's own line icons, drawn on a 24-unit grid.

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  back: "M14.5 5.5 8 12l6.5 6.5",
  more: "M12 5.6v.01M12 12v.01M12 18.4v.01",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  clip: "M19 11.2l-7.3 7.3a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3.1 3.1 0 0 1 4.4 4.4l-7.5 7.5a1.5 1.5 0 0 1-2.2-2.2l6.8-6.8",
  send: "M4.5 12 3.6 5.3c-.1-.9.8-1.5 1.6-1.2l15 6.9c.9.4.9 1.6 0 2l-15 6.9c-.8.3-1.7-.3-1.6-1.2L4.5 12zm0 0h7",
  menu: "M5 7.5h14M5 12h14M5 16.5h9",
  keys: "M4.5 6.5h15a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM7.5 10v.01M12 10v.01M16.5 10v.01M8.5 14h7",
  check: "M4.5 12.8l4.3 4.2L18.5 7.5",
  checks: "M2.5 12.9l3.9 3.9 8.8-9.3M11.5 15.7l1.2 1.1 8.8-9.3",
  arrow: "M8 16 16 8M9.5 8H16v6.5",
  share: "M13.5 5.5 20 11.5l-6.5 6v-3.7c-4.5 0-7.5 1.2-9.5 4.2.6-4.8 3.6-8.3 9.5-8.8V5.5z",
  card: "M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6zM3 10h18M6.5 14.5h3",
  copy: "M9.5 9.5h9v9h-9zM6 14.5H5.5v-9h9V6",
  window: "M4.5 5.5h15v13h-15zM4.5 9.5h15",
  down: "M6 9.5l6 6 6-6",
  reply: "M9.5 6.5 4.5 11l5 4.5v-3c5 0 7.5 1 9.5 4.5-.4-5-3-8.3-9.5-8.5v-2z",
  edit: "M5 19l.8-3.7L16 5.1a1.5 1.5 0 0 1 2.1 0l.8.8a1.5 1.5 0 0 1 0 2.1L8.7 18.2 5 19zM14.5 6.6l2.9 2.9",
  sun: "M12 8.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6zM12 3v1.8M12 19.2V21M3 12h1.8M19.2 12H21M5.6 5.6l1.3 1.3M17.1 17.1l1.3 1.3M18.4 5.6l-1.3 1.3M6.9 17.1l-1.3 1.3",
  moon: "M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z",
  log: "M5 6.5h9M5 11h14M5 15.5h6M17 15l2.5 2.5L17 20",
  bulb: "M9.5 18.5h5M10.5 21h3M8.8 15.5c-1.7-1.2-2.6-2.8-2.6-4.7a5.8 5.8 0 0 1 11.6 0c0 1.9-.9 3.5-2.6 4.7z",
  plus: "M12 5.5v13M5.5 12h13",
  phone: "M8.5 3.5h7A1.5 1.5 0 0 1 17 5v14a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 19V5a1.5 1.5 0 0 1 1.5-1.5zM11 17.5h2",
  image: "M5 5.5h14v13H5zM5 15l4-4 4.5 4.5L16 13l3 3M15 9.2v.01",
  pin: "M12 21c4-4.5 6-7.6 6-10.3a6 6 0 0 0-12 0C6 13.4 8 16.5 12 21zM12 8.8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  ban: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM6.5 6.5l11 11",
  storm: "M13 3.5 6 13.5h5l-1.5 7 7.5-10.5h-5.5z",
  cloud: "M7.5 18.5h9a3.8 3.8 0 0 0 .6-7.5 5.3 5.3 0 0 0-10.2-.6 4.1 4.1 0 0 0 .6 8.1zM4 4l16 16",
  group: "M9 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 18.5c.4-3 2.5-4.5 5.5-4.5s5.1 1.5 5.5 4.5M15.5 11a2.6 2.6 0 1 0-.8-5M17 14.2c2 .4 3.2 1.8 3.5 4.3",
  horn: "M4.5 10v4h3l6.5 4.5v-13L7.5 10h-3zM17.5 9.5a3.5 3.5 0 0 1 0 5",
  bot: "M7 8.5h10a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 16v-6A1.5 1.5 0 0 1 7 8.5zM12 8.5V5M9.5 12.5v.8M14.5 12.5v.8",
  clock: "M12 4.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM12 8v4.2l2.8 1.8",
  search: "M11 5.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM15.2 15.2l4.3 4.3",
  dots: "M6 12v.01M12 12v.01M18 12v.01",
};

export function icon(name, size = 20, width = 1.8) {
  const svg = document.createElementNS(SVG, "svg");
  const drawn = { viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", class: `icon icon-${name}` };
  for (const [key, value] of Object.entries(drawn)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  if (name === "more" || name === "dots") path.setAttribute("stroke-width", "2.6");
  svg.append(path);
  return svg;
}

export function spinner(size = 14) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", width: size, height: size, class: "spinner", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const ring = document.createElementNS(SVG, "circle");
  for (const [key, value] of Object.entries({ cx: 10, cy: 10, r: 7.5, fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round", "stroke-dasharray": "30 20" })) ring.setAttribute(key, value);
  svg.append(ring);
  return svg;
}
