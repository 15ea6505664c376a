/* Keeps the section when the reader changes the language, and remembers the choice. */
"use strict";

{
  const article = document.querySelector("article");

  /** Return the hash of what the reader sees: the target of the address if it is in
   * view (of a section its heading), else the section, or the term of the glossary,
   * that reaches the upper third. */
  const currentHash = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id ? document.getElementById(id) : null;
    if (target) {
      const seen = target.matches("section") ? target.firstElementChild : target;
      const { top, bottom } = seen.getBoundingClientRect();
      if (bottom > 0 && top < innerHeight) return location.hash;
    }
    if (scrollY < innerHeight / 10) return "";
    const places = article?.querySelectorAll("section[id], dl.glossary > dt[id]") ?? [];
    const passed = [...places].filter(
      (section) => section.getBoundingClientRect().top < innerHeight / 3,
    );
    // The first section is the page itself; its top needs no hash.
    const section = passed.at(-1);
    return !section || section.querySelector(":scope > h1") ? "" : `#${section.id}`;
  };

  for (const link of document.querySelectorAll("a.language-switch")) {
    const address = link.getAttribute("href");
    // pointerdown: also a new tab, by the middle button or the menu, keeps the section.
    for (const event of ["pointerdown", "click"]) {
      link.addEventListener(event, () => link.setAttribute("href", address + currentHash()));
    }
    link.addEventListener("click", () => {
      try {
        localStorage.setItem("aibook-language", link.hreflang);
      } catch {
        // Storage may be forbidden; the link works all the same.
      }
    });
  }
}

/* The theme takes the focus from a button that is pressed, so it would be lost when a
 * sidebar closes: by keyboard a reader would begin anew. */
for (const side of ["primary", "secondary"]) {
  document.querySelector(`#pst-${side}-sidebar-modal`)?.addEventListener("close", () => {
    document.querySelector(`.${side}-toggle`)?.focus();
  });
}

/* sphinx-copybutton has no Korean, and its script has just made the buttons. */
if (document.documentElement.lang === "ko" && typeof messages === "object") {
  messages.ko = {
    copy: "복사",
    copy_to_clipboard: "클립보드에 복사",
    copy_success: "복사했습니다",
    copy_failure: "복사하지 못했습니다",
  };
  for (const [key, text] of Object.entries(messages.en)) {
    iconCopy = iconCopy.replace(`<title>${text}</title>`, `<title>${messages.ko[key]}</title>`);
    iconCheck = iconCheck.replace(`<title>${text}</title>`, `<title>${messages.ko[key]}</title>`);
  }
  locale = "ko";
  for (const button of document.querySelectorAll("button.copybtn")) {
    button.dataset.tooltip = messages.ko.copy;
    button.querySelector("title").textContent = messages.ko.copy_to_clipboard;
  }
}
