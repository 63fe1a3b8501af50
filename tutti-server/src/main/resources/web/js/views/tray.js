// Files that are about to be sent: each is uploaded at once, and can be taken out again.

import * as api from "../net/api.js";
import { upload } from "../net/upload.js";
import { h, icon, iconButton } from "../ui/dom.js";
import { sizeOf } from "../ui/size.js";

/** Files of one message. */
const MOST = 10;

export class Tray {
  element = h("ul.tray", { testid: "tray", "aria-label": "Files to be sent", hidden: true });
  #items = new Map(); // element -> {stop, file: what the server has, when it has it}
  #told;

  /** told: changed(), failed(message), leftOut() when one has taken a file out */
  constructor(told) {
    this.#told = told;
  }

  /** Whether there are any, and all are uploaded. */
  get ready() {
    return this.#items.size > 0 && [...this.#items.values()].every(({ file }) => file);
  }

  get empty() {
    return this.#items.size === 0;
  }

  add(files, mostBytes) {
    for (const file of files) {
      if (this.#items.size >= MOST) {
        this.#told.failed(`A message has at most ${MOST} files.`);
        return;
      }
      if (file.size > mostBytes) this.#told.failed(`${file.name} is too large: a file has at most ${sizeOf(mostBytes)}.`);
      else this.#upload(file);
    }
  }

  /** The files of them that the server has. */
  get uploaded() {
    return [...this.#items.values()].map(({ file }) => file);
  }

  /** They are sent. */
  take() {
    this.#items.clear();
    this.element.replaceChildren();
    this.#changed();
  }

  /** Gives up what is there. */
  clear() {
    for (const item of this.#items.values()) giveUp(item);
    this.take();
  }

  async #upload(file) {
    const stop = new AbortController();
    const progress = h("progress", { max: 1, value: 0, "aria-label": `Uploading ${file.name}` });
    const note = h("span.preview", {}, sizeOf(file.size));
    const item = { stop, file: null };
    const row = h("li", { testid: "tray-item" }, icon("file"),
      h("span.about", {}, h("span.title", {}, file.name), note), progress,
      iconButton("close", `Leave out ${file.name}`, { testid: "tray-remove", onclick: () => this.#leaveOut(row) }));
    this.#items.set(row, item);
    this.element.append(row);
    this.#changed();
    try {
      item.file = await upload(file, { progress: (share) => (progress.value = share), signal: stop.signal });
      if (stop.signal.aborted) return giveUp(item);
      progress.remove();
      row.dataset.uploaded = "true";
    } catch (problem) {
      if (stop.signal.aborted) return;
      this.#remove(row);
      this.#told.failed(problem.code === "unreachable" ? `${file.name} could not be uploaded.` : `${file.name}: ${problem.message}`);
    }
    this.#changed();
  }

  #leaveOut(row) {
    this.#remove(row);
    this.#told.leftOut();
  }

  #remove(row) {
    const item = this.#items.get(row);
    if (item) giveUp(item);
    this.#items.delete(row);
    row.remove();
    this.#changed();
  }

  #changed() {
    this.element.hidden = this.empty;
    this.#told.changed();
  }
}

/** Ends the upload, and has the server delete what it has. */
function giveUp({ stop, file }) {
  stop.abort();
  if (file) api.deleteFile(file.id).catch(() => {}); // then it stays among the account's files
}
