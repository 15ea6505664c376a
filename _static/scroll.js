/* Keeps blocks of code that scroll within reach of the keyboard. The theme does so once
 * the page is loaded, but knows no width of blocks that are not laid out by then. */
"use strict";

document.addEventListener(
  "contentvisibilityautostatechange",
  ({ target, skipped }) => {
    if (skipped || !target.matches("pre")) return;
    target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  },
  true,
);
