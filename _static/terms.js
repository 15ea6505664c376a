/* Shows a term's definition beside the link to the glossary: on hover, on keyboard
 * focus, and on the first tap. The page holds the definitions as templates; without
 * this script, or in a browser without popovers, the link leads to the glossary. */
"use strict";

{
  const SHOW_AFTER = 150; // milliseconds
  const HIDE_AFTER = 300; // time to reach the definition with the pointer
  const GAP = 4; // pixels between link and definition
  const EDGE = 8; // pixels between definition and window

  let link = null;
  let box = null;
  let timer = 0;
  // What was under way when a finger or button went down.
  let press = { type: "", link: null };

  const templateOf = (a) =>
    document.getElementById(`definition-of-${decodeURIComponent(a.hash.slice(1))}`);

  const hide = () => {
    clearTimeout(timer);
    link?.removeAttribute("aria-describedby");
    box?.remove();
    link = box = null;
  };

  /** Put the definition below the link, or above it where there is more room. */
  const place = () => {
    const { clientWidth, clientHeight } = document.documentElement;
    const lines = [...link.getClientRects()];
    const [first, last] = [lines[0], lines.at(-1)];
    box.style.maxHeight = "";
    const height = box.offsetHeight;
    const below = clientHeight - last.bottom - GAP - EDGE;
    const above = first.top - GAP - EDGE;
    const isBelow = height <= below || below >= above;
    const room = Math.max(isBelow ? below : above, 96);
    box.style.maxHeight = `${room}px`;
    const line = isBelow ? last : first;
    const y = isBelow ? line.bottom + GAP : line.top - GAP - Math.min(height, room);
    const x = Math.min(line.left, clientWidth - box.offsetWidth - EDGE);
    // From the top of the page, so that the definition scrolls with its link.
    box.style.left = `${Math.max(x, EDGE) + scrollX}px`;
    box.style.top = `${y + scrollY}px`;
  };

  const show = (a) => {
    clearTimeout(timer);
    if (a === link) return;
    hide();
    link = a;
    box = document.createElement("div");
    box.id = "definition";
    box.className = "definition";
    box.popover = "manual";
    box.append(templateOf(a).content.cloneNode(true));
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", hideLater);
    box.addEventListener("focusout", hideLater);
    // Next to the link, so that the Tab key leads from one into the other.
    link.after(box);
    link.setAttribute("aria-describedby", box.id);
    box.showPopover();
    place();
  };

  /** Hide, unless the pointer or the focus has come back by then. */
  const hideLater = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!link) return;
      const isWanted = link.matches(":hover, :focus-visible") || box.matches(":hover, :focus-within");
      if (!isWanted) hide();
    }, HIDE_AFTER);
  };

  const watch = (a) => {
    a.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "touch") return;
      clearTimeout(timer);
      timer = setTimeout(() => show(a), SHOW_AFTER);
    });
    a.addEventListener("pointerleave", hideLater);
    a.addEventListener("focus", () => {
      if (a.matches(":focus-visible")) show(a);
    });
    a.addEventListener("blur", hideLater);
    a.addEventListener("click", (event) => {
      // A finger cannot hover: its first tap shows, the second one follows the link.
      const isTap = event.detail > 0 && press.type === "touch";
      if (isTap && press.link !== a) {
        event.preventDefault();
        show(a);
      }
    });
  };

  document.addEventListener("pointerdown", (event) => {
    press = { type: event.pointerType, link };
    if (link && !link.contains(event.target) && !box.contains(event.target)) hide();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !link) return;
    const [a, isInside] = [link, box.contains(document.activeElement)];
    hide();
    if (isInside) {
      a.focus();
      hide(); // which the focus has shown again
    }
  });

  addEventListener("resize", () => link && place());
  addEventListener("hashchange", hide);
  addEventListener("pagehide", hide);

  if ("popover" in HTMLElement.prototype) {
    for (const term of document.querySelectorAll("article a > .std-term")) {
      if (templateOf(term.parentElement)) watch(term.parentElement);
    }
  }
}
