// Files of a message: pictures as small pictures, all others by name and size.

import * as api from "../net/api.js";
import { h, icon } from "../ui/dom.js";
import { sizeOf } from "../ui/size.js";

const PICTURES = new Set(["image/png", "image/jpeg", "image/gif"]);
const MOST_PICTURE_BYTES = 16 << 20; // of larger ones the server makes no thumbnails
const WITHOUT_THUMBNAILS = new Set(["image/webp", "image/avif"]); // shown themselves if they are small
const MOST_SHOWN_BYTES = 1 << 20;

export const attachmentList = (attachments) =>
  h("ul.attachments", { testid: "attachments" }, attachments.map((attachment) => h("li", {}, element(attachment))));

function element(attachment) {
  const { id, name, bytes, type } = attachment;
  const path = `/api/files/${encodeURIComponent(id)}`;
  const link = (kind, ...content) => h(`a.${kind}`, { href: `${path}/content`, target: "_blank", rel: "noopener", testid: "attachment", title: name }, ...content);
  const named = (note) => link("file", icon("file"), h("span.about", {}, h("span.title", {}, name), h("span.preview", {}, note)));
  const source = pictureOf(type, bytes);
  if (!source) return named(sizeOf(bytes));
  const image = h("img", { alt: name, loading: "lazy", decoding: "async", src: `${path}/${source}`, testid: "thumbnail" });
  const shown = link("picture", image);
  image.addEventListener("error", async () => {
    // it has gone, or the credentials have run out: then asking for it renews them
    const there = !image.dataset.again && (await api.file(id).catch(() => null));
    if (there) {
      image.dataset.again = "true";
      image.src += source.includes("?") ? "&again" : "?again";
    } else {
      shown.replaceWith(named(image.dataset.again ? sizeOf(bytes) : "No longer there"));
    }
  });
  return shown;
}

/** Where the picture of such a file is, below the file; null if there is none. */
function pictureOf(type, bytes) {
  if (PICTURES.has(type) && bytes <= MOST_PICTURE_BYTES) return "thumbnail?size=512";
  return WITHOUT_THUMBNAILS.has(type) && bytes <= MOST_SHOWN_BYTES ? "content" : null;
}
