// Building elements without ever touching HTML text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element: h("p.note", {title: "x", onclick: f, testid: "y"}, "text", child, …). Properties and children that are null or false are
 * left out.
 */
export function h(selector, properties, ...children) {
  const [tag, ...classes] = selector.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties ?? {})) set(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "testid") element.dataset.testid = value;
  else if (name === "value") element.value = value;
  else element.setAttribute(name, value === true ? "" : value);
}

const ICONS = {
  attach: "M20 11.5l-8.2 8.2a5.3 5.3 0 01-7.5-7.5l8.6-8.6a3.5 3.5 0 015 5l-8.5 8.5a1.8 1.8 0 01-2.5-2.5l7.8-7.8",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  compose: "M12 20h8M15.5 4.5a2.1 2.1 0 013 3L8 18l-4 1 1-4z",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  down: "M12 5v14M6 13l6 6 6-6",
  file: "M14 3H6v18h12V7zM14 3v4h4",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  people: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM2.5 20a6.5 6.5 0 0113 0M16 4.3a3.5 3.5 0 010 6.4M18.5 14.6a6.5 6.5 0 013 5.4",
  pencil: "M15.5 4.5a2.1 2.1 0 013 3L8 18l-4 1 1-4z",
  react: "M12 21a9 9 0 100-18 9 9 0 000 18zM8 14a4.5 4.5 0 008 0M9 9.3v.7M15 9.3v.7",
  reply: "M10 6L4 12l6 6M4 12h9a7 7 0 017 7",
  search: "M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l4.5 4.5",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  sent: "M4 12.5l5 5L20 6.5",
  read: "M1.5 12.5l5 5L16 7M11 16l1.5 1.5L22.5 7",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.2a2.2 2.2 0 100-4.4 2.2 2.2 0 000 4.4zM9 19.2a2.2 2.2 0 100-4.4 2.2 2.2 0 000 4.4z",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  waiting: "M12 7v5l3 2M12 21a9 9 0 100-18 9 9 0 000 18z",
};

/** A drawing that says nothing to those who cannot see it: a label says it for them. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows an icon and says its label. */
export const iconButton = (name, label, properties) =>
  h("button.icon-button", { type: "button", "aria-label": label, title: label, ...properties }, icon(name));

const AGAIN_AFTER_MS = 5_000; // the credentials have run out, perhaps, and are renewed by then

/** Two letters and a colour that stand for somebody, under the picture that the person with the id `seed` has, if `picture` says which. */
export function avatar(name, seed, picture) {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  const letters = ends.map((word) => [...word][0] ?? "").join("");
  const image = picture && h("img", {
    src: `/api/users/${encodeURIComponent(seed)}/avatar?v=${encodeURIComponent(picture)}`, alt: "", loading: "lazy",
    onerror: () => {
      if (image.dataset.again) image.remove();
      else setTimeout(() => (image.src += `&${(image.dataset.again = "again")}`), AGAIN_AFTER_MS);
    },
  });
  return h(`span.avatar.hue-${hash % 12}`, { "aria-hidden": "true" }, letters.toUpperCase() || "?", image);
}

/** Whether a key is one of an input method: 229 of the Enter that ends a conversion, which Safari tells after the end of it. */
export const composes = ({ isComposing, keyCode }) => isComposing || keyCode === 229;

/** Runs at most once per frame, however often it is asked for; without frames, as in a tab behind, soon, and when the tab goes there. */
export function perFrame(task) {
  let asked = false;
  const run = () => {
    if (!asked) return; // it has run already, when the tab was hidden
    asked = false;
    document.removeEventListener("visibilitychange", hidden);
    task();
  };
  const hidden = () => document.hidden && run();
  return () => {
    if (asked) return;
    asked = true;
    document.addEventListener("visibilitychange", hidden);
    if (document.hidden) setTimeout(run);
    else requestAnimationFrame(run);
  };
}
