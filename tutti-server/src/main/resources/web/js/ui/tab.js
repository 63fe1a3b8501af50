// The tab's own title and icon.

const NAME = "Tutti";
const favicon = document.getElementById("icon");

/** Shows how many messages are unread, as a label; "" for none. */
export function showUnread(label) {
  const title = label ? `(${label}) ${NAME}` : NAME;
  if (document.title !== title) document.title = title;
  const href = label ? "icon-unread.svg" : "icon.svg";
  if (favicon.getAttribute("href") !== href) favicon.setAttribute("href", href);
}

/** Where a keyboard on the screen covers the page instead of shrinking it, the page shrinks by itself. */
export function fitToKeyboard() {
  const viewport = window.visualViewport;
  const fit = () => {
    const covered = viewport.scale === 1 && window.innerHeight - viewport.height > 80;
    document.documentElement.style.setProperty("--height", covered ? `${viewport.height}px` : "100dvh");
    if (covered) window.scrollTo(0, 0);
  };
  viewport?.addEventListener("resize", fit);
}
