/* A slider below a figure shows one of its frames at a time: see
 * aibook_sphinx.sliders. The control is the browser's own, so arrows, Home, End and
 * fingers move it. */
"use strict";

for (const input of document.querySelectorAll(".book-slider > input")) {
  const parts = input.closest("figure").querySelectorAll('svg [class^="frame-"]');

  const show = () => {
    const frame = `frame-${input.value}`;
    const said = [];
    for (const part of parts) {
      const isShown = part.classList.contains(frame);
      if (isShown) part.removeAttribute("display");
      else part.setAttribute("display", "none");
      if (isShown)
        for (const text of part.querySelectorAll("text")) said.push(text.textContent.trim());
    }
    // The number of the frame says nothing; what is written in it does.
    input.setAttribute("aria-valuetext", said.join(", "));
  };

  input.addEventListener("input", show);
  show(); // a browser may have kept the place from the last visit
}
