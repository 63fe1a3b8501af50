// Tells of messages outside of the page, as one has chosen: with a notification of the desktop, with a sound. The choice is
// kept by the server, and so is the same in all browsers; whether a browser may show notifications it decides itself.

import * as api from "../net/api.js";

const DESKTOP = "chat.notifications";
const SOUND = "chat.sound";
const CHOSEN_KEY = "tutti.alerts"; // when one last chose, in whichever tab
const APART_MS = 1_000;
const SOUNDED_KEY = "tutti.sounded"; // when, by whichever tab

export class Alerts {
  desktop = false;
  sound = false;
  #audio = null;
  #onStorage = (event) => {
    if (event.key === CHOSEN_KEY) this.load().catch(() => {}); // then it stays as it was until the page is loaded
  };

  constructor() {
    addEventListener("storage", this.#onStorage);
  }

  /** Whether notifications are chosen, and shown by this browser. */
  get shown() {
    return this.desktop && "Notification" in window && Notification.permission === "granted";
  }

  async load() {
    const preferences = await api.preferences();
    this.desktop = preferences[DESKTOP] === true;
    this.sound = preferences[SOUND] === true;
  }

  /** Switches notifications on, if the browser lets them be, or off; false if it does not. Throws a Problem. */
  async chooseDesktop(on) {
    if (on && (!("Notification" in window) || (await Notification.requestPermission()) !== "granted")) return false;
    await this.#choose(DESKTOP, on);
    this.desktop = on;
    return true;
  }

  /** Throws a Problem. */
  async chooseSound(on) {
    if (on) this.#play();
    await this.#choose(SOUND, on);
    this.sound = on;
  }

  /** The other tabs of this browser hear of it. */
  async #choose(preference, on) {
    await api.changePreferences({ [preference]: on || null });
    localStorage.setItem(CHOSEN_KEY, String(Date.now()));
  }

  /** Somebody said something that one is not looking at; open() shows it. Several tabs tell of it once. */
  tell({ title, text, tag }, open) {
    if (this.sound && this.#apart()) this.#play();
    if (!this.shown) return;
    try {
      const shown = new Notification(title, { body: text, tag, icon: "icon.svg", silent: true });
      shown.onclick = () => {
        window.focus();
        shown.close();
        open();
      };
    } catch {
      // a browser that lets only service workers show some
    }
  }

  #apart() {
    const now = Date.now();
    if (Math.abs(now - Number(localStorage.getItem(SOUNDED_KEY))) < APART_MS) return false;
    localStorage.setItem(SOUNDED_KEY, String(now));
    return true;
  }

  /** Two short tones. A browser in which nobody has clicked yet stays silent. */
  #play() {
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    audio.resume();
    const volume = audio.createGain();
    volume.connect(audio.destination);
    for (const [after, frequency] of [[0, 660], [0.12, 880]]) {
      const tone = audio.createOscillator();
      const at = audio.currentTime + after;
      tone.frequency.value = frequency;
      tone.connect(volume);
      volume.gain.setValueAtTime(0.08, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.11);
      tone.start(at);
      tone.stop(at + 0.12);
    }
  }

  close() {
    removeEventListener("storage", this.#onStorage);
    this.#audio?.close();
  }
}
